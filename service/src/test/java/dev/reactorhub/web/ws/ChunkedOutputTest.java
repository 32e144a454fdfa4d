package dev.reactorhub.web.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ChunkedOutputTest {
  private final Readiness readiness = new Readiness();
  private SocketChannel peer;
  private SocketChannel channel;
  private ChunkedOutput out;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      peer = SocketChannel.open(server.getLocalAddress());
      channel = server.accept();
    }
    out = new ChunkedOutput(new Transport.Channel(channel, readiness.register(channel)));
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    channel.close();
    readiness.close();
  }

  @Test
  void whatWasGatheredIsOneChunk() throws IOException {
    out.write("ab".getBytes(StandardCharsets.US_ASCII));
    out.write("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    out.flush();
    out.close();
    channel.close();

    assertThat(all()).asString().isEqualTo("12\r\nab0123456789abcdef\r\n0\r\n\r\n");
  }

  @Test
  void whatTheKernelDoesNotTakeGoesOutBeforeTheNextChunk() throws Exception {
    byte[] large = new byte[16 << 20];
    Arrays.fill(large, (byte) 'y');

    assertThat(out.tryWrite(ByteBuffer.wrap(large))).isFalse();
    CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(this::readAll);
    out.write('x');
    out.close();
    channel.close();

    byte[] end = "1\r\nx\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] received = read.join();
    assertThat(received).hasSize(large.length + end.length).endsWith(end);
    assertThat(Arrays.mismatch(received, large)).isEqualTo(large.length);
  }

  @Test
  void anAbortEndsAWriteThatWaits() throws Exception {
    assertThat(out.tryWrite(ByteBuffer.wrap(new byte[16 << 20]))).isFalse();
    Thread.startVirtualThread(out::abort);

    assertThatIOException().isThrownBy(out::flush);
  }

  private byte[] readAll() {
    try {
      return all();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private byte[] all() throws IOException {
    return peer.socket().getInputStream().readAllBytes();
  }
}
