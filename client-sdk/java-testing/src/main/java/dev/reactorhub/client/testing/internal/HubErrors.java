package dev.reactorhub.client.testing.internal;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.UnknownFieldSet;
import dev.reactorhub.client.testing.Refusal;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * Errors as the hub sends them. The details are written field by field: the generated classes of
 * {@code google.rpc} come in a jar that has no module name.
 */
final class HubErrors {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final String DOMAIN = "reactorhub.dev";

  private HubErrors() {}

  static StatusRuntimeException of(Refusal refusal) {
    Status status = Status.Code.valueOf(refusal.status()).toStatus();
    // google.rpc.ErrorInfo: 1 reason, 2 domain.
    ByteString info =
        message()
            .addField(1, text(refusal.code()))
            .addField(2, text(DOMAIN))
            .build()
            .toByteString();
    // google.rpc.Status: 1 code, 2 message, 3 details.
    UnknownFieldSet.Builder details =
        message()
            .addField(
                1, UnknownFieldSet.Field.newBuilder().addVarint(status.getCode().value()).build())
            .addField(2, text(refusal.message()))
            .mergeField(3, any("google.rpc.ErrorInfo", info));
    refusal
        .retryAfter()
        .ifPresent(
            delay -> {
              // google.rpc.RetryInfo: 1 retry_delay.
              ByteString duration =
                  Duration.newBuilder()
                      .setSeconds(delay.getSeconds())
                      .setNanos(delay.getNano())
                      .build()
                      .toByteString();
              ByteString retry = message().addField(1, bytes(duration)).build().toByteString();
              details.mergeField(3, any("google.rpc.RetryInfo", retry));
            });
    Metadata trailers = new Metadata();
    trailers.put(DETAILS, details.build().toByteArray());
    return status.withDescription(refusal.message()).asRuntimeException(trailers);
  }

  /** google.protobuf.Any: 1 type_url, 2 value. */
  private static UnknownFieldSet.Field any(String type, ByteString value) {
    return bytes(
        message()
            .addField(1, text("type.googleapis.com/" + type))
            .addField(2, bytes(value))
            .build()
            .toByteString());
  }

  private static UnknownFieldSet.Builder message() {
    return UnknownFieldSet.newBuilder();
  }

  private static UnknownFieldSet.Field text(String value) {
    return bytes(ByteString.copyFromUtf8(value));
  }

  private static UnknownFieldSet.Field bytes(ByteString value) {
    return UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build();
  }
}
