package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.rpc.ErrorInfo;
import dev.reactorhub.v1.HubServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that no generated client sends: answered like any other mistake, and not logged. */
final class UnreadableRequestTest {
  private static final Logger ROOT = Logger.getLogger("");

  /** Of the fixture: data of 1 MiB, and 64 KiB around it. */
  private static final int MESSAGE_BYTES_MAX = (1 << 20) + (64 << 10);

  private final Complaints complaints = new Complaints();

  @BeforeEach
  void listen() {
    ROOT.addHandler(complaints);
  }

  @AfterEach
  void listenNoMore() {
    ROOT.removeHandler(complaints);
  }

  @Test
  void bytesThatAreNoMessageAreAnInvalidRequest() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      byte[] endless = {10, 127, 1, 2};
      for (MethodDescriptor<?, ?> method : HubServiceGrpc.getServiceDescriptor().getMethods()) {
        ErrorInfo info = refused(f, method, endless, Status.Code.INVALID_ARGUMENT);
        assertThat(info.getReason()).as(method.getBareMethodName()).isEqualTo("invalid_request");
      }
      assertNoComplaints(f);
    }
  }

  @Test
  void aTextThatIsNotUtf8IsSaidToBeNone() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      // event (1) { type (1): one byte that begins no character }
      byte[] badText = {10, 3, 10, 1, (byte) 0xff};
      ErrorInfo info =
          refused(f, HubServiceGrpc.getPublishMethod(), badText, Status.Code.INVALID_ARGUMENT);
      assertThat(info.getReason()).isEqualTo("malformed_utf8");
      assertNoComplaints(f);
    }
  }

  @Test
  void aMessageBeyondItsLimitIsToldTheLimit() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      byte[] large = new byte[MESSAGE_BYTES_MAX + 1];
      for (MethodDescriptor<?, ?> method : HubServiceGrpc.getServiceDescriptor().getMethods()) {
        ErrorInfo info = refused(f, method, large, Status.Code.INVALID_ARGUMENT);
        assertThat(info.getReason()).as(method.getBareMethodName()).isEqualTo("payload_too_large");
        assertThat(info.getMetadataMap())
            .containsEntry("limit", Integer.toString(MESSAGE_BYTES_MAX));
      }
      assertNoComplaints(f);
    }
  }

  @Test
  void aMessageFarBeyondItsLimitIsCutOff() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      byte[] huge = new byte[8 * MESSAGE_BYTES_MAX + 1];
      Throwable failure = call(f, HubServiceGrpc.getPublishMethod(), huge);
      assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(f.publish("default", "fine").getSeq()).isEqualTo(1);
      // The transport's own warning has a logger of its own, which the hub's settings silence.
      assertThat(complaints.told)
          .allMatch(told -> told.contains("io.grpc.netty.NettyServerStream"));
    }
  }

  private static ErrorInfo refused(
      GrpcFixture f, MethodDescriptor<?, ?> method, byte[] request, Status.Code code) {
    Throwable failure = call(f, method, request);
    assertThat(failure).isInstanceOf(StatusRuntimeException.class);
    assertThat(Status.fromThrowable(failure).getCode()).as(String.valueOf(failure)).isEqualTo(code);
    ErrorInfo info = GrpcFixture.errorInfo(failure);
    assertThat(info.getDomain()).isEqualTo("reactorhub.dev");
    return info;
  }

  /**
   * Each method as one that takes bytes and answers one response, as every one may when it ends.
   */
  private static Throwable call(GrpcFixture f, MethodDescriptor<?, ?> method, byte[] request) {
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setType(MethodType.UNARY)
            .setFullMethodName(method.getFullMethodName())
            .build();
    return catchThrowable(
        () -> ClientCalls.blockingUnaryCall(f.channel, raw, CallOptions.DEFAULT, request));
  }

  private void assertNoComplaints(GrpcFixture f) {
    assertThat(f.publish("default", "fine").getSeq()).isEqualTo(1);
    assertThat(complaints.told).isEmpty();
  }

  private record Bytes() implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Complaints extends Handler {
    final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
        told.add(entry.getLevel() + " " + entry.getLoggerName() + " " + entry.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
