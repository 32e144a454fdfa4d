"""Publishes each line of standard input, a JSON value, as an event. Prints its id and its position.

    python3 publisher.py HOST:PORT TYPE [CHANNEL]
"""

import sys
import time
import uuid

import grpc
from hub_errors import CHANNEL_OPTIONS, Failure, backoff
from reactorhub.v1 import event_pb2, hub_pb2, hub_pb2_grpc


class Publisher:
    """Publishes events, each once. Any thread may use it; one is enough for a process."""

    def __init__(self, target: str):
        channel = grpc.insecure_channel(target, options=CHANNEL_OPTIONS)
        self._hub = hub_pb2_grpc.HubServiceStub(channel)

    def publish(self, event_type, data_json, channel="", seconds=60.0):
        """Returns where the event is stored. Raises the last grpc.RpcError when it was not acknowledged in time."""
        # All attempts carry one id: the hub stores the event once, however often it arrives.
        event = event_pb2.NewEvent(
            id=str(uuid.uuid4()), type=event_type, channel=channel, data_json=data_json
        )
        request = hub_pb2.PublishRequest(event=event)
        deadline = time.monotonic() + seconds
        failures = 0
        while True:
            try:
                return self._hub.Publish(request, timeout=max(0.1, min(10.0, deadline - time.monotonic())))
            except grpc.RpcError as error:
                failures += 1
                failure = Failure(error)
                wait = max(failure.retry_after, backoff(failures))
                if failure.is_final or time.monotonic() + wait > deadline:
                    raise
                time.sleep(wait)


def main():
    target, event_type, *channel = sys.argv[1:]
    publisher = Publisher(target)
    for line in sys.stdin:
        try:
            stored = publisher.publish(event_type, line.strip(), *channel)
        except grpc.RpcError as error:
            sys.exit(f"not published: {Failure(error)}")
        print(stored.id, stored.position, flush=True)


if __name__ == "__main__":
    main()
