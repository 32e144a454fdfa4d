package dev.reactorhub.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Problem;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;

/** Answers problems over gRPC: a status with {@code google.rpc.ErrorInfo}. */
public final class GrpcErrors {
  private static final String DOMAIN = "reactorhub.dev";
  private static final Duration RETRY_DELAY = Duration.newBuilder().setSeconds(2).build();

  private GrpcErrors() {}

  /** The one map from the error table to gRPC codes. */
  public static Code code(ErrorCode code) {
    return switch (code) {
      case MALFORMED_JSON,
          MALFORMED_UTF8,
          INVALID_REQUEST,
          UNKNOWN_COMMAND,
          INVALID_NAME,
          INVALID_EVENT,
          INVALID_POSITION,
          INVALID_LIMIT,
          PAYLOAD_TOO_LARGE,
          BATCH_TOO_LARGE,
          TOO_MANY_CHANNELS,
          TOO_MANY_TYPES,
          INVALID_ACK,
          UNSUPPORTED_MEDIA_TYPE ->
          Code.INVALID_ARGUMENT;
      case POSITION_IN_FUTURE, POSITION_EXPIRED, EPOCH_UNKNOWN, REWIND_TOO_FAR -> Code.OUT_OF_RANGE;
      case RATE_LIMITED, TOO_MANY_SESSIONS, TOO_MANY_CONSUMERS, NO_PROGRESS, DISK_FULL ->
          Code.RESOURCE_EXHAUSTED;
      case ORIGIN_NOT_ALLOWED -> Code.PERMISSION_DENIED;
      case NOT_FOUND, CONSUMER_NOT_FOUND -> Code.NOT_FOUND;
      case CONSUMER_MISMATCH -> Code.FAILED_PRECONDITION;
      case CONSUMER_RESET -> Code.ABORTED;
      case METHOD_NOT_ALLOWED -> Code.UNIMPLEMENTED;
      case LOG_UNAVAILABLE, GOING_AWAY -> Code.UNAVAILABLE;
      case INTERNAL -> Code.INTERNAL;
    };
  }

  /** What to end the call with. */
  static StatusRuntimeException exception(Problem problem) {
    return exception(problem, Map.of());
  }

  /** What to end the call with, and more to say of it. */
  static StatusRuntimeException exception(Problem problem, Map<String, String> metadata) {
    ErrorInfo.Builder info =
        ErrorInfo.newBuilder()
            .setDomain(DOMAIN)
            .setReason(problem.code().code())
            .putAllMetadata(metadata);
    problem.limit().ifPresent(limit -> info.putMetadata("limit", Long.toString(limit)));
    Status.Builder status =
        Status.newBuilder()
            .setCode(code(problem.code()).getNumber())
            .setMessage(problem.message())
            .addDetails(Any.pack(info.build()));
    if (problem.code().isPassing()) {
      status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(RETRY_DELAY).build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }
}
