package dev.reactorhub.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.reactorhub.client.ReactorException.Reason;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Turns a gRPC status into a {@link ReactorException}, the one place that does.
 *
 * <p>The details are read field by field: the generated classes of {@code google.rpc} come in a jar
 * that has no module name, which a published module must not require.
 */
final class Failures {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final String DOMAIN = "reactorhub.dev";

  /** What gRPC's transport says of every connection that cannot be made, or that breaks. */
  private static final String NETTY_FAILED = "io exception";

  // Field numbers of google.rpc.Status, google.protobuf.Any, google.rpc.ErrorInfo,
  // google.rpc.RetryInfo and
  // google.protobuf.Duration.
  private static final int STATUS_DETAILS = 3;
  private static final int ANY_TYPE_URL = 1;
  private static final int ANY_VALUE = 2;
  private static final int ERROR_INFO_REASON = 1;
  private static final int ERROR_INFO_DOMAIN = 2;
  private static final int RETRY_INFO_DELAY = 1;
  private static final int DURATION_SECONDS = 1;
  private static final int DURATION_NANOS = 2;

  private Failures() {}

  static ReactorException of(Throwable failure) {
    if (failure instanceof ReactorException known) {
      return known;
    }
    Status status = Status.fromThrowable(failure);
    Reason reason = reason(status, Status.trailersFromThrowable(failure));
    return switch (status.getCode()) {
      case INVALID_ARGUMENT,
          OUT_OF_RANGE,
          FAILED_PRECONDITION,
          NOT_FOUND,
          ALREADY_EXISTS,
          UNIMPLEMENTED ->
          new ReactorException.Refused(reason, failure);
      case UNAUTHENTICATED, PERMISSION_DENIED -> new ReactorException.NotAllowed(reason, failure);
      case RESOURCE_EXHAUSTED -> new ReactorException.Limited(reason, failure);
      case UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, CANCELLED ->
          new ReactorException.Unavailable(reason, failure);
      case OK, UNKNOWN, INTERNAL, DATA_LOSS -> new ReactorException.HubFailure(reason, failure);
    };
  }

  /** An answer that breaks the API's own rules. Asking again would bring the same. */
  static ReactorException malformed(IllegalArgumentException cause) {
    return new ReactorException.HubFailure(
        new Reason("malformed_answer", String.valueOf(cause.getMessage())), cause);
  }

  private static Reason reason(Status status, @Nullable Metadata trailers) {
    String code = status.getCode().name().toLowerCase(Locale.ROOT);
    String message = message(status);
    byte @Nullable [] details = trailers == null ? null : trailers.get(DETAILS);
    if (details == null) {
      return new Reason(code, message);
    }
    try {
      return reason(code, message, UnknownFieldSet.parseFrom(details));
    } catch (InvalidProtocolBufferException e) {
      // Whoever wrote such details is not the hub; the status itself still stands.
      return new Reason(code, message);
    }
  }

  /** What the status says; where that is nothing but {@link #NETTY_FAILED}, what its cause says. */
  private static String message(Status status) {
    String said = status.getDescription();
    Throwable cause = status.getCause();
    if (NETTY_FAILED.equals(said) && cause != null && cause.getMessage() != null) {
      return cause.getMessage();
    }
    return said == null ? "no description" : said;
  }

  private static Reason reason(String statusCode, String message, UnknownFieldSet status)
      throws InvalidProtocolBufferException {
    String code = statusCode;
    Duration retryAfter = null;
    for (ByteString detail : status.getField(STATUS_DETAILS).getLengthDelimitedList()) {
      UnknownFieldSet any = UnknownFieldSet.parseFrom(detail);
      String type = text(any, ANY_TYPE_URL);
      UnknownFieldSet value = UnknownFieldSet.parseFrom(bytes(any, ANY_VALUE));
      if (type.endsWith("/google.rpc.ErrorInfo") && text(value, ERROR_INFO_DOMAIN).equals(DOMAIN)) {
        code = text(value, ERROR_INFO_REASON);
      } else if (type.endsWith("/google.rpc.RetryInfo")) {
        UnknownFieldSet delay = UnknownFieldSet.parseFrom(bytes(value, RETRY_INFO_DELAY));
        retryAfter =
            Duration.ofSeconds(number(delay, DURATION_SECONDS), number(delay, DURATION_NANOS));
      }
    }
    return new Reason(code, message, retryAfter);
  }

  private static String text(UnknownFieldSet message, int field) {
    return bytes(message, field).toStringUtf8();
  }

  private static ByteString bytes(UnknownFieldSet message, int field) {
    List<ByteString> values = message.getField(field).getLengthDelimitedList();
    return values.isEmpty() ? ByteString.EMPTY : values.get(values.size() - 1);
  }

  private static long number(UnknownFieldSet message, int field) {
    List<Long> values = message.getField(field).getVarintList();
    return values.isEmpty() ? 0 : values.get(values.size() - 1);
  }
}
