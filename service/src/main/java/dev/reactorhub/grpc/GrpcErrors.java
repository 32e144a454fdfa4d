package dev.reactorhub.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Problem;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Answers problems over gRPC: a status with {@code google.rpc.ErrorInfo}; with {@code RetryInfo}
 * when trying again may help, and {@code BadRequest} when one field is at fault.
 */
public final class GrpcErrors {
  private static final String DOMAIN = "reactorhub.dev";

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

  /** What to end a call with whose client is asked to come back after this delay. */
  static StatusRuntimeException exception(Problem problem, Duration retryDelay) {
    return exception(problem, Map.of(), Optional.of(retryDelay));
  }

  /** What to end the call with, and more to say of it. */
  static StatusRuntimeException exception(Problem problem, Map<String, String> metadata) {
    return exception(problem, metadata, problem.code().retryDelay());
  }

  private static StatusRuntimeException exception(
      Problem problem, Map<String, String> metadata, Optional<Duration> retryDelay) {
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
    retryDelay.ifPresent(delay -> status.addDetails(Any.pack(retryInfo(delay))));
    problem
        .field()
        .ifPresent(field -> status.addDetails(Any.pack(badRequest(field, problem.message()))));
    return StatusProto.toStatusRuntimeException(status.build());
  }

  private static RetryInfo retryInfo(Duration delay) {
    return RetryInfo.newBuilder().setRetryDelay(Durations.fromNanos(delay.toNanos())).build();
  }

  private static BadRequest badRequest(String field, String message) {
    return BadRequest.newBuilder()
        .addFieldViolations(
            BadRequest.FieldViolation.newBuilder().setField(field).setDescription(message))
        .build();
  }
}
