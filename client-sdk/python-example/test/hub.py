"""A hub of its own for the tests, and the examples as processes."""

import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent
ROOT = EXAMPLES.parent.parent
SECONDS_MAX = 30


def free_port():
    """Below the range from which the system hands out its own."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def wait_until(condition, what):
    deadline = time.monotonic() + SECONDS_MAX
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"after {SECONDS_MAX} s still not: {what()}")
        time.sleep(0.02)


class Hub:
    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self._ports = free_port(), free_port()
        self._process = None
        self.url = f"http://127.0.0.1:{self._ports[0]}"
        self.target = f"127.0.0.1:{self._ports[1]}"

    def start(self):
        arguments = ["--port", str(self._ports[0]), "--grpc-port", str(self._ports[1]), "--data", self._folder.name + "/data"]
        quiet = ["sources.host-metrics.interval=0", "sources.heartbeat.interval=0", "drain.window=1s"]
        for setting in quiet:
            arguments += ["--set", setting]
        with open(self._folder.name + "/hub.log", "ab") as log:
            self._process = subprocess.Popen([ROOT / "hub", "run", *arguments], stdout=log, stderr=log)
        wait_until(self._is_ready, lambda: Path(self._folder.name, "hub.log").read_text(encoding="utf-8"))

    def kill(self):
        self._process.kill()
        self._process.wait()

    def stop(self):
        self._process.terminate()
        self._process.wait(SECONDS_MAX)
        return self._process.returncode

    def close(self):
        if self._process and self._process.poll() is None:
            self.kill()
        self._folder.cleanup()

    def _is_ready(self):
        if self._process.poll() is not None:
            raise AssertionError(Path(self._folder.name, "hub.log").read_text(encoding="utf-8"))
        try:
            with urllib.request.urlopen(self.url + "/observe/health/ready", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False


class Example:
    """An example as a process. Its output goes to files: nobody has to read it for the process to go on."""

    def __init__(self, script, *arguments, **environment):
        self._folder = tempfile.TemporaryDirectory()
        with open(self._folder.name + "/out", "wb") as out, open(self._folder.name + "/err", "wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, EXAMPLES / script, *arguments],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                text=True,
                env={**os.environ, "PYTHONPATH": str(EXAMPLES / "generated"), **environment},
            )

    def send(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def out(self):
        return self._lines("out")

    def err(self):
        return self._lines("err")

    def end(self):
        """Has it come to its own end, and returns its exit code."""
        self.process.stdin.close()
        return self.process.wait(SECONDS_MAX)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self._folder.cleanup()

    def _lines(self, name):
        return Path(self._folder.name, name).read_text(encoding="utf-8").splitlines()
