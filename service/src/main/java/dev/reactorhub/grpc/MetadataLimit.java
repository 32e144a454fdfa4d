package dev.reactorhub.grpc;

import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Problem;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Answers calls with more metadata than the limit; far beyond it the transport cuts them off. */
final class MetadataLimit implements ServerInterceptor {
  /** The transport takes so many times more, so that what exceeds the limit is answered in full. */
  private static final int TRANSPORT_FACTOR = 4;

  /** What HTTP/2 adds to each header (RFC 9113, section 10.5.1). */
  private static final int HEADER_BYTES = 32;

  private final int bytesMax;

  MetadataLimit(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** What the transport takes. */
  int transportBytesMax() {
    return TRANSPORT_FACTOR * bytesMax;
  }

  @Override
  public <T, R> ServerCall.Listener<T> interceptCall(
      ServerCall<T, R> call, Metadata headers, ServerCallHandler<T, R> next) {
    long bytes = bytes(headers);
    if (bytes <= bytesMax) {
      return next.startCall(call, headers);
    }
    return CallGate.refused(
        call,
        GrpcErrors.exception(
            Problem.of(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "the metadata of a call may have at most "
                    + bytesMax
                    + " bytes, this one has "
                    + bytes,
                bytesMax)));
  }

  private static long bytes(Metadata headers) {
    long bytes = 0;
    for (String name : headers.keys()) {
      bytes +=
          name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
              ? bytes(
                  headers.getAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER)),
                  // In base64, as they travel.
                  value -> name.length() + (value.length * 4L + 2) / 3)
              : bytes(
                  headers.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)),
                  value -> name.length() + value.length());
    }
    return bytes;
  }

  private static <V> long bytes(@Nullable Iterable<V> values, ToLongFunction<V> size) {
    long bytes = 0;
    if (values != null) {
      for (V value : values) {
        bytes += size.applyAsLong(value) + HEADER_BYTES;
      }
    }
    return bytes;
  }
}
