// The hub itself, built from these sources and started as the chart says, without a container.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ciFiles } from "../support/ci.mjs";
import { renderedContainer } from "../support/container.mjs";
import { only, template } from "../support/helm.mjs";

const launcher = fileURLToPath(new URL("../../../hub", import.meta.url));
// The launcher builds the hub first, when it has to.
const buildMillis = 300_000;

let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "reactor-hub-rendered."));
  await run(["tail", "--help"], {}, buildMillis);
});

after(() => rmSync(folder, { recursive: true }));

/** A free port below the range from which the system hands out its own. */
async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const isTaken = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (!isTaken) {
      return port;
    }
  }
}

function start(args, env) {
  const child = spawn(launcher, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  child.said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (child.said += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (child.said += text));
  child.ended = new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
  return child;
}

async function run(args, env, timeoutMillis = 60_000) {
  const child = start(args, env);
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMillis);
  const code = await child.ended;
  clearTimeout(timer);
  return { code, said: child.said };
}

/** The environment of the container, with its files below a folder of the test. */
function environment(container, name) {
  const root = join(folder, name);
  mkdirSync(root);
  const moved = new Map();
  for (const [path, text] of Object.entries(container.files)) {
    const file = join(root, basename(path));
    writeFileSync(file, text);
    moved.set(path, file);
  }
  return Object.fromEntries(Object.entries(container.env).map(([key, value]) => [key, moved.get(value) ?? value]));
}

async function status(port, path) {
  try {
    return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  } catch {
    return 0;
  }
}

test("the hub starts as rendered, answers its probes, passes the test of the chart, and stops in time", async () => {
  const values = {
    config: {
      "server.port": await freePort(),
      "grpc.port": await freePort(),
      "data.dir": join(folder, "data"),
      "web.allowed-origins": ["https://app.example.org"],
    },
  };
  const objects = (await template({ values })).objects();
  const container = renderedContainer(objects);
  const hub = start(container.args, environment(container, "hub"));
  try {
    const { startup, liveness, readiness } = container.probes;
    const triesMax = 300;
    for (let tried = 0; (await status(startup.port, startup.path)) !== 200; tried++) {
      assert.ok(hub.exitCode === null && tried < triesMax, hub.said);
      await delay(200);
    }
    assert.equal(await status(liveness.port, liveness.path), 200);
    assert.equal(await status(readiness.port, readiness.path), 200);

    const pod = only(objects, "Pod").spec;
    for (const { args } of [...pod.initContainers, ...pod.containers]) {
      const here = args.map((arg) => (arg.startsWith("--server=") ? `--server=127.0.0.1:${container.ports.grpc}` : arg));
      const outcome = await run(here, {});
      assert.equal(outcome.code, 0, outcome.said);
      assert.match(outcome.said, args[0] === "publish" ? /"duplicate":false/ : /"type":"helm_test_1"/);
    }

    hub.kill("SIGTERM");
    const code = await Promise.race([hub.ended, delay(container.terminationGracePeriodSeconds * 1000, "killed")]);
    assert.equal(code, 0, hub.said);
  } finally {
    hub.kill("SIGKILL");
    await hub.ended;
  }
});

test("the hub takes the settings of every example, and refuses one that it has not", async () => {
  const answers = await Promise.all(
    ciFiles.map(async (file) => {
      const container = renderedContainer((await template({ files: [file] })).objects());
      return { file, container };
    }),
  );
  const seen = new Set();
  for (const { file, container } of answers.filter((one) => isNew(one.container.files, seen))) {
    // One wrong variable besides: it is told with all else that is wrong, and nothing is started.
    const env = { ...environment(container, basename(file)), REACTORHUB_NONSENSE: "1" };
    const outcome = await run(container.args, env);
    assert.equal(outcome.code, 2, outcome.said);
    const problems = outcome.said.split("\n").filter((line) => line.includes("reactorhub.yaml"));
    assert.deepEqual(problems, [], `${file}: ${outcome.said}`);
    assert.match(outcome.said, /REACTORHUB_NONSENSE/);
  }
});

function isNew(files, seen) {
  const text = JSON.stringify(files);
  return !seen.has(text) && seen.add(text);
}
