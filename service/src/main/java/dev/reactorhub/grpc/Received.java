package dev.reactorhub.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A request as it came: a message, or what is wrong with it. A marshaller that throws would end the
 * call with a bare status and a stack trace in the log; this one leaves the answer to the call.
 */
sealed interface Received<T> {
  /**
   * The message.
   *
   * @throws ProblemException when it could not be read
   */
  T message();

  /** A message. */
  record Whole<T>(T message) implements Received<T> {}

  /** No message. */
  record Unreadable<T>(Problem problem) implements Received<T> {
    @Override
    public T message() {
      throw new ProblemException(problem);
    }
  }

  /**
   * Reads requests of at most so many bytes.
   *
   * @param messages reads those
   */
  record Marshaller<T>(MethodDescriptor.Marshaller<T> messages, int bytesMax)
      implements MethodDescriptor.Marshaller<Received<T>> {
    @Override
    public InputStream stream(Received<T> received) {
      return messages.stream(received.message());
    }

    @Override
    public Received<T> parse(InputStream bytes) {
      try {
        int length = bytes.available(); // All of it: gRPC hands over whole messages.
        return length > bytesMax
            ? new Unreadable<>(tooLarge("has " + length))
            : new Whole<>(messages.parse(bytes));
      } catch (StatusRuntimeException e) {
        return new Unreadable<>(
            e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
                ? tooLarge("inflates to more")
                : malformed(e));
      } catch (IOException e) {
        return new Unreadable<>(malformed(e));
      }
    }

    private Problem tooLarge(String actual) {
      return Problem.of(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "a request may have at most " + bytesMax + " bytes, this one " + actual,
          bytesMax);
    }

    private static Problem malformed(Exception failure) {
      String detail =
          failure.getCause() instanceof InvalidProtocolBufferException invalid
              ? String.valueOf(invalid.getMessage())
              : "it cannot be decoded";
      return detail.contains("UTF-8")
          ? Problem.of(ErrorCode.MALFORMED_UTF8, "a text of the request is not UTF-8")
          : Problem.of(
              ErrorCode.INVALID_REQUEST, "the request is no message of its type: " + detail);
    }
  }
}
