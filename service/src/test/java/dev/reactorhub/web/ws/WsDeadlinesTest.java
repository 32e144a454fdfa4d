package dev.reactorhub.web.ws;

import static dev.reactorhub.web.ws.RawClient.FIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when time passes; the tests own the clock. */
final class WsDeadlinesTest {
  private static final WsSettings SETTINGS =
      new WsSettings(
          1 << 20,
          Duration.ofSeconds(25),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30));

  private final AtomicLong nanos = new AtomicLong();
  private final RecordingListener listener = new RecordingListener();
  private final WsTestServer server =
      new WsTestServer(
          WsConnections.unwatched(SETTINGS, nanos::get),
          handshake -> HandshakeDecision.accept(),
          () -> listener);
  private final RawClient client = RawClient.connectSmall(server.port()).upgraded();

  WsDeadlinesTest() throws IOException {}

  @BeforeEach
  void isReading() throws Exception {
    assertThat(listener.next()).isEqualTo("open");
    client.sendText("ready");
    assertThat(listener.next()).isEqualTo("text ready");
    await().until(listener.connection()::isReading);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  @Test
  void aQuietPeerIsPingedOnceAnIntervalAndClosedWhenNothingComes() throws Exception {
    sweepUntilBytesAfter(Duration.ofSeconds(25));
    assertThat(client.readFrame().first()).isEqualTo(FIN | WsFrames.PING);
    server.connections().sweep();
    sweepUntilBytesAfter(Duration.ofSeconds(25));
    assertThat(client.readFrame().first()).isEqualTo(FIN | WsFrames.PING);
    sweepUntilBytesAfter(Duration.ofSeconds(10));

    RawClient.Frame close = client.readFrame();
    assertThat(close.closeCode()).isEqualTo(1001);
    assertThat(close.closeReason()).isEqualTo("nothing came for PT1M");
    client.sendClose(1001, "");
    assertThat(listener.next()).isEqualTo("close 1001 nothing came for PT1M");
  }

  @Test
  void aPongKeepsTheConnection() throws Exception {
    sweepUntilBytesAfter(Duration.ofSeconds(50));
    assertThat(client.readFrame().first()).isEqualTo(FIN | WsFrames.PING);
    client.sendFrame(FIN | WsFrames.PONG);
    assertThat(listener.next()).isEqualTo("pong 0");
    await().until(listener.connection()::isReading);
    sweepUntilBytesAfter(Duration.ofSeconds(50));
    assertThat(client.readFrame().first()).isEqualTo(FIN | WsFrames.PING);
    assertThat(listener.connection().isOpen()).isTrue();
  }

  @Test
  void anUnansweredCloseEndsAfterTheCloseTimeout() throws Exception {
    listener.connection().closeWith(1012, "restarting");
    assertThat(client.readFrame().closeCode()).isEqualTo(1012);
    pass(Duration.ofSeconds(5).minusNanos(1));
    assertThat(server.connections().size()).isEqualTo(1);
    pass(Duration.ofNanos(1));
    assertThat(listener.next()).isEqualTo("close 1012 restarting");
    assertThatThrownBy(client::readsEnd).isInstanceOf(IOException.class);
  }

  @Test
  void aWriteWithoutProgressEndsTheConnection() throws Exception {
    CompletableFuture<Boolean> written = blockedWrite();
    pass(Duration.ofSeconds(30).minusNanos(1));
    assertThat(listener.connection().isOpen()).isTrue();
    pass(Duration.ofNanos(1));
    assertThat(listener.connection().isOpen()).isFalse();
    pass(Duration.ofSeconds(5));
    assertThat(written.get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(listener.next()).isEqualTo("close 1013 no progress for PT30S");
    await().until(() -> server.connections().size() == 0);
    assertThat(listener.hasMore()).isFalse();
  }

  @Test
  void aPeerThatReadsSlowlyIsNotTakenForSilent() throws Exception {
    CompletableFuture<Boolean> written = blockedWrite();
    for (int round = 0; round < 5; round++) {
      long before = taken();
      nanos.addAndGet(Duration.ofSeconds(20).toNanos());
      readTexts(BLOCKING_FRAMES / 10);
      await().until(() -> taken() > before);
      server.connections().sweep();
      assertThat(listener.connection().isOpen()).isTrue();
    }
    readTexts(BLOCKING_FRAMES / 2);
    assertThat(written.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aPeerThatReadsOnAfterMakingNoProgressIsToldTheCode() throws Exception {
    CompletableFuture<Boolean> written = blockedWrite();
    pass(Duration.ofSeconds(30));

    RawClient.Frame frame = client.readFrame();
    while (frame.first() == (FIN | WsFrames.TEXT)) {
      assertThat(frame.payload()).hasSize(PAYLOAD_BYTES);
      frame = client.readFrame();
    }
    assertThat(frame.closeCode()).isEqualTo(1013);
    assertThat(written.get(10, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void aCloseBehindABlockedWriteEndsAfterTheCloseTimeout() throws Exception {
    CompletableFuture<Boolean> written = blockedWrite();
    listener.connection().closeWith(1012, "restarting");
    pass(Duration.ofSeconds(5));
    assertThat(written.get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(listener.next()).isEqualTo("close 1012 restarting");
  }

  @Test
  void aCloseFollowsTheFrameBeingWrittenAndTheRestIsAbandoned() throws Exception {
    CompletableFuture<Boolean> written = blockedWrite();
    listener.connection().closeWith(1012, "restarting");
    int texts = 0;
    RawClient.Frame frame = client.readFrame();
    while (frame.first() == (FIN | WsFrames.TEXT)) {
      assertThat(frame.payload()).hasSize(PAYLOAD_BYTES);
      texts++;
      frame = client.readFrame();
    }
    assertThat(frame.closeCode()).isEqualTo(1012);
    assertThat(texts).isLessThan(BLOCKING_FRAMES);
    assertThat(written.get(10, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void pingsThatPileUpBehindABlockedWriteAreAnsweredByTheNewestPong() throws Exception {
    CompletableFuture<Boolean> written = blockedWrite();
    for (int i = 1; i <= 5; i++) {
      client.sendFrame(FIN | WsFrames.PING, new byte[i]);
      assertThat(listener.next()).isEqualTo("ping " + i);
    }
    int pongs = 0;
    int texts = 0;
    while (texts < BLOCKING_FRAMES || pongs == 0) {
      RawClient.Frame frame = client.readFrame();
      if (frame.first() == (FIN | WsFrames.PONG)) {
        pongs++;
        assertThat(frame.payload()).hasSize(5);
      } else {
        texts++;
      }
    }
    assertThat(written.get(10, TimeUnit.SECONDS)).isTrue();
    listener.connection().closeWith(1000, "");
    assertThat(client.readFrame().first()).isEqualTo(FIN | WsFrames.CLOSE);
    assertThat(pongs).isEqualTo(1);
  }

  private static final int PAYLOAD_BYTES = 50_000;

  /** Together more than the kernel's buffers hold for a client that does not read. */
  private static final int BLOCKING_FRAMES = 400;

  private final ByteBuffer[] frames = new ByteBuffer[BLOCKING_FRAMES];

  /** Bytes of the frames that the kernel has taken. */
  private long taken() {
    return Stream.of(frames).mapToLong(ByteBuffer::position).sum();
  }

  private void readTexts(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      assertThat(client.readFrame().payload()).hasSize(PAYLOAD_BYTES);
    }
  }

  /** Starts a write and returns when it has filled what the kernel takes. */
  private CompletableFuture<Boolean> blockedWrite() {
    ByteBuffer frame = WsFrames.text("x".repeat(PAYLOAD_BYTES).getBytes(UTF_8));
    for (int i = 0; i < frames.length; i++) {
      frames[i] = frame.duplicate();
    }
    WsConnection connection = listener.connection();
    CompletableFuture<Boolean> written = new CompletableFuture<>();
    Thread writer = Thread.startVirtualThread(() -> written.complete(connection.write(frames)));
    await().until(() -> writer.getState() == Thread.State.WAITING);
    await().during(Duration.ofMillis(300)).until(() -> writer.getState() == Thread.State.WAITING);
    return written;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    server.connections().sweep();
  }

  private void sweepUntilBytesAfter(Duration time) {
    nanos.addAndGet(time.toNanos());
    await()
        .until(
            () -> {
              server.connections().sweep();
              return client.hasBytes();
            });
  }
}
