package dev.reactorhub.web.ws;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Where frames go: the accepted socket channel, or, under TLS and where the channel is not known,
 * Helidon's socket. One thread writes at a time ({@link FrameWriter} sees to it); the other methods
 * may be called from any thread and end a write that blocks.
 */
sealed interface Transport {

  /**
   * Writes some bytes, in order, and moves the buffers' positions. Blocks the calling thread until
   * the kernel took at least one.
   */
  void write(ByteBuffer[] buffers, int from, int count) throws IOException;

  /** Tells the peer that nothing more will come, if the transport can. */
  void shutdownOutput() throws IOException;

  /** Closes the socket; bytes that the kernel has are still delivered. */
  void close();

  /** Drops the socket and what the kernel has not delivered yet; the peer sees a reset. */
  void abort();

  static Transport of(HelidonSocket socket, @Nullable SocketChannel channel) {
    return channel != null && !socket.isSecure()
        ? new Channel(channel)
        : new Helidon(socket, channel);
  }

  /** Gathering writes on the channel itself. */
  record Channel(SocketChannel channel) implements Transport {
    /**
     * The kernel takes about this much at once. A bound also keeps the JDK's per-thread copies of
     * heap buffers small, which it never gives back.
     */
    private static final int GATHER_BYTES_MAX = 256 << 10;

    @Override
    public void write(ByteBuffer[] buffers, int from, int count) throws IOException {
      ByteBuffer first = buffers[from];
      if (first.remaining() > GATHER_BYTES_MAX) {
        int limit = first.limit();
        first.limit(first.position() + GATHER_BYTES_MAX);
        try {
          channel.write(first);
        } finally {
          first.limit(limit);
        }
        return;
      }
      long bytes = first.remaining();
      int gathered = 1;
      while (gathered < count) {
        bytes += buffers[from + gathered].remaining();
        if (bytes > GATHER_BYTES_MAX) {
          break;
        }
        gathered++;
      }
      channel.write(buffers, from, gathered);
    }

    @Override
    public void shutdownOutput() throws IOException {
      channel.shutdownOutput();
    }

    @Override
    public void close() {
      closeQuietly(channel);
    }

    @Override
    public void abort() {
      abortQuietly(channel);
    }
  }

  /** Writes through Helidon's socket, which encrypts. */
  record Helidon(HelidonSocket socket, @Nullable SocketChannel channel) implements Transport {
    /** One TLS record. */
    private static final int CHUNK_BYTES_MAX = 16 << 10;

    @Override
    public void write(ByteBuffer[] buffers, int from, int count) throws IOException {
      long total = 0;
      for (int i = from; i < from + count && total < CHUNK_BYTES_MAX; i++) {
        total += buffers[i].remaining();
      }
      byte[] chunk = new byte[(int) Math.min(total, CHUNK_BYTES_MAX)];
      int at = 0;
      for (int i = from; at < chunk.length; i++) {
        int part = Math.min(buffers[i].remaining(), chunk.length - at);
        buffers[i].get(chunk, at, part);
        at += part;
      }
      try {
        socket.write(BufferData.create(chunk));
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    @Override
    public void shutdownOutput() {
      // A TLS connection has no half-close that every peer understands.
    }

    @Override
    public void close() {
      if (channel != null) {
        closeQuietly(channel);
      } else {
        closeQuietly(socket);
      }
    }

    @Override
    public void abort() {
      if (channel != null) {
        abortQuietly(channel);
      } else {
        closeQuietly(socket);
      }
    }
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      trace(e);
    }
  }

  private static void closeQuietly(HelidonSocket socket) {
    try {
      socket.close();
    } catch (UncheckedIOException e) {
      trace(e);
    }
  }

  private static void abortQuietly(SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException | UnsupportedOperationException e) {
      trace(e);
    }
    closeQuietly(channel);
  }

  private static void trace(Exception e) {
    System.getLogger(Transport.class.getName())
        .log(System.Logger.Level.TRACE, "ws_socket_close_failed", e);
  }
}
