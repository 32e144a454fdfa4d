package dev.reactorhub.web.ws;

import static dev.reactorhub.web.ws.RawClient.FIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FrameSinkTest {
  private final RecordingListener listener = new RecordingListener();
  private final WsTestServer server =
      new WsTestServer(
          WsConnections.start(WsSettings.defaults()),
          handshake -> HandshakeDecision.accept(),
          () -> listener);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aPlainConnectionWritesToItsChannelWithoutDelay() throws Exception {
    try (RawClient client = RawClient.open(server.port())) {
      assertThat(client.hasBytes()).isFalse();
      assertThat(listener.connection().transport())
          .isInstanceOfSatisfying(
              Transport.Channel.class,
              transport -> assertThat(hasNoDelay(transport.polled().channel())).isTrue());
    }
  }

  private static boolean hasNoDelay(SocketChannel channel) {
    try {
      return channel.getOption(StandardSocketOptions.TCP_NODELAY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void manyFramesInOneWriteArriveInOrder() throws Exception {
    try (RawClient client = RawClient.open(server.port())) {
      ByteBuffer[] frames = new ByteBuffer[3000];
      for (int i = 0; i < frames.length; i++) {
        ByteBuffer heap = WsFrames.text(("event " + i).getBytes(UTF_8));
        frames[i] = i % 2 == 0 ? heap : ByteBuffer.allocateDirect(64).put(heap).flip();
      }
      Thread writer = Thread.startVirtualThread(() -> listener.connection().write(frames));
      for (int i = 0; i < frames.length; i++) {
        assertThat(client.readFrame().text()).isEqualTo("event " + i);
      }
      writer.join();
    }
  }

  @Test
  void framesOfConcurrentWritersStayWhole() throws Exception {
    int writers = 6;
    int rounds = 100;
    try (RawClient client = RawClient.open(server.port())) {
      WsConnection connection = listener.connection();
      List<Thread> threads = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        String letter = String.valueOf((char) ('a' + w));
        Runnable write =
            () -> {
              for (int i = 0; i < rounds; i++) {
                ByteBuffer frame = WsFrames.text(letter.repeat(1 + i * 97).getBytes(UTF_8));
                assertThat(connection.write(frame, frame.duplicate())).isTrue();
                connection.send(letter, true);
              }
            };
        // Both kinds of thread: the hub delivers from either.
        threads.add(
            w % 2 == 0 ? Thread.startVirtualThread(write) : Thread.ofPlatform().start(write));
      }
      int pongs = 0;
      for (int i = 0; i < writers * rounds * 3; i++) {
        if (i % 50 == 0) {
          client.sendFrame(FIN | WsFrames.PING, (byte) 'p');
        }
        RawClient.Frame frame = client.readFrame();
        while (frame.first() == (FIN | WsFrames.PONG)) {
          pongs++;
          frame = client.readFrame();
        }
        assertThat(frame.first()).isEqualTo(FIN | WsFrames.TEXT);
        assertThat(frame.text().chars().distinct().count()).isEqualTo(1);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(pongs).isPositive();
    }
  }

  @Test
  void aFrameLargerThanOneSocketWriteArrivesWhole() throws Exception {
    try (RawClient client = RawClient.open(server.port())) {
      byte[] payload = new byte[3 << 20];
      for (int i = 0; i < payload.length; i++) {
        payload[i] = (byte) (i * 31);
      }
      Thread writer =
          Thread.startVirtualThread(() -> listener.connection().write(WsFrames.binary(payload)));
      assertThat(client.readFrame().payload()).isEqualTo(payload);
      writer.join();
    }
  }

  @Test
  void whatIsNotTakenAtOnceIsFinishedBeforeAnythingElseIsSent() throws Exception {
    try (RawClient client = RawClient.open(server.port())) {
      assertThat(client.hasBytes()).isFalse();
      WsConnection connection = listener.connection();
      int frames = 0;
      boolean taken = true;
      while (taken) {
        taken = connection.tryWrite(WsFrames.text("x".repeat(50_000).getBytes(UTF_8)));
        frames++;
      }
      client.sendFrame(FIN | WsFrames.PING, (byte) 'p');
      Thread finisher =
          Thread.startVirtualThread(
              () -> {
                assertThat(connection.finishWrite()).isTrue();
                assertThat(connection.tryWrite(WsFrames.text("last".getBytes(UTF_8)))).isTrue();
              });

      boolean isPongSeen = false;
      boolean isLastSeen = false;
      while (!isPongSeen || !isLastSeen) {
        RawClient.Frame frame = client.readFrame();
        if (frame.first() == (FIN | WsFrames.PONG)) {
          isPongSeen = true;
        } else if (frame.text().equals("last")) {
          isLastSeen = true;
        } else {
          assertThat(frame.payload()).hasSize(50_000);
          frames--;
        }
      }
      finisher.join();
      assertThat(frames).isZero();
    }
  }

  @Test
  void aWaitForASlowPeerEndsWithTheConnection() throws Exception {
    try (RawClient client = RawClient.open(server.port())) {
      assertThat(client.hasBytes()).isFalse();
      WsConnection connection = listener.connection();
      AtomicBoolean written = new AtomicBoolean(true);
      Thread writer =
          Thread.startVirtualThread(
              () -> {
                while (written.get()) {
                  written.set(connection.write(WsFrames.text(new byte[50_000])));
                }
              });
      client.reset();
      writer.join();
      assertThat(connection.isOpen()).isFalse();
    }
  }
}
