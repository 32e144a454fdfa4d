"""What a failed call says: the hub's own code, the field at fault, and when to try again."""

import random

import grpc
from google.rpc import error_details_pb2, status_pb2

# The same request would fail again. Everything else may pass: a hub that restarts, a full disk, a broken line.
FINAL = {
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.OUT_OF_RANGE,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.UNAUTHENTICATED,
    grpc.StatusCode.UNIMPLEMENTED,
}

# A client that lost its hub looks for it often enough, and notices within a minute when the line is dead.
# The hub refuses clients that ping more often than every 10 seconds (grpc.keepalive.min).
CHANNEL_OPTIONS = [
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 20_000),
]


class Failure:
    """A grpc.RpcError, read. Take the code of the table in docs/protocol.md, not the message."""

    def __init__(self, error: grpc.RpcError):
        self.reason = error.code().name.lower()
        self.message = error.details()
        self.fields = []
        self.retry_after = 0.0
        self.is_final = error.code() in FINAL
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                for detail in status_pb2.Status.FromString(value).details:
                    self._read(detail)

    def _read(self, detail):
        info = error_details_pb2.ErrorInfo()
        retry = error_details_pb2.RetryInfo()
        request = error_details_pb2.BadRequest()
        if detail.Unpack(info):
            self.reason = info.reason
        elif detail.Unpack(retry):
            self.retry_after = retry.retry_delay.ToTimedelta().total_seconds()
        elif detail.Unpack(request):
            self.fields = [violation.field for violation in request.field_violations]

    def __str__(self):
        at = f" at {', '.join(self.fields)}" if self.fields else ""
        return f"{self.reason}{at}: {self.message}"


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row: at random, so that clients do not come all at once."""
    return random.uniform(0, min(10.0, 0.2 * 2 ** min(failures, 10)))
