"""Prints events as they come, one JSON object a line, and keeps its position in a file: stop it, start it again, and
it goes on where it was. What else there is to tell goes to standard error.

    python3 subscriber.py HOST:PORT POSITION-FILE [CHANNEL…]
"""

import json
import os
import sys
import time

import grpc
from hub_errors import CHANNEL_OPTIONS, Failure, backoff
from reactorhub.v1 import hub_pb2, hub_pb2_grpc


class Subscriber:
    """Events in log order: none missing, none twice, across lost connections and restarts of the hub."""

    def __init__(self, target, channels=(), after=""):
        channel = grpc.insecure_channel(target, options=CHANNEL_OPTIONS)
        self._hub = hub_pb2_grpc.HubServiceStub(channel)
        self._filter = hub_pb2.Filter(channels=channels)
        self.position = after

    def frames(self):
        """Yields what the hub sends, for ever. What was yielded before the next is asked for counts as handled."""
        failures = 0
        while True:
            wait = 0.0
            try:
                for frame in self._hub.Subscribe(self._request()):
                    failures = 0
                    kind = frame.WhichOneof("frame")
                    if kind == "batch":
                        for event in frame.batch.events:
                            yield "event", event
                            self.position = event.position
                        continue
                    if kind is None:
                        continue  # Of a later hub; it concerns neither events nor holes.
                    content = getattr(frame, kind)
                    yield kind, content
                    self.position = content.to if kind == "gap" else content.position
                    if kind == "going_away":
                        # The hub gives each client a time of its own: whoever keeps to it finds a hub with room.
                        wait = content.reconnect_after.ToTimedelta().total_seconds()
            except grpc.RpcError as error:
                failure = Failure(error)
                if failure.is_final:
                    raise
                wait = max(wait, failure.retry_after)
            failures += 1
            time.sleep(wait or backoff(failures))

    def _request(self):
        start = hub_pb2.Start(after=self.position) if self.position else hub_pb2.Start(earliest=hub_pb2.Earliest())
        return hub_pb2.SubscribeRequest(filter=self._filter, start=start)


def read(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def write(path, position):
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(position)
    os.replace(path + ".new", path)


def main():
    target, path, *channels = sys.argv[1:]
    subscriber = Subscriber(target, channels, after=read(path))
    try:
        for kind, content in subscriber.frames():
            if kind == "event":
                data = json.loads(content.data_json)
                print(json.dumps({"type": content.type, "data": data, "seq": content.seq}), flush=True)
                position = content.position
            elif kind == "gap":
                # Events between the two are gone. Read what they changed from where it is kept, if it matters to you.
                print(f"gap from={getattr(content, 'from')} to={content.to} reason={content.reason}", file=sys.stderr)
                position = content.to
            else:
                print(f"{kind} position={content.position}", file=sys.stderr)
                position = content.position
            sys.stderr.flush()
            # After the event was handled, not before: killed in between, it is handled twice rather than never.
            write(path, position)
    except grpc.RpcError as error:
        sys.exit(f"not subscribed: {Failure(error)}")


if __name__ == "__main__":
    main()
