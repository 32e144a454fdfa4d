package dev.reactorhub.web.ws;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where frames go and come from: the accepted socket channel, or, under TLS and where the channel
 * is not known, Helidon's socket. One thread writes at a time ({@link FrameWriter} sees to it); the
 * methods that close may be called from any thread and end a write that blocks.
 */
sealed interface Transport {

  /**
   * Writes some bytes, in order, and moves the buffers' positions. Blocks the calling thread until
   * the kernel took at least one.
   *
   * @return whether it is known that the peer had to take bytes first
   */
  boolean write(ByteBuffer[] buffers, int from, int count) throws IOException;

  /** Writes what is taken at once, maybe nothing, and moves the buffer's position. Never blocks. */
  void tryWrite(ByteBuffer buffer) throws IOException;

  /** Whether {@link #tryWrite} ever writes anything. */
  boolean canTryWrite();

  /** Reads what the peer sends; what the reader of the handshake holds already comes first. */
  DataReader reader(DataReader handshake);

  /** Tells the peer that nothing more will come, if the transport can. */
  void shutdownOutput() throws IOException;

  /** Closes the socket; bytes that the kernel has are still delivered. */
  void close();

  /** Drops the socket and what the kernel has not delivered yet; the peer sees a reset. */
  void abort();

  /** Before anything was read or written but the handshake. */
  static Transport of(HelidonSocket socket, @Nullable SocketChannel channel, Readiness readiness)
      throws IOException {
    return channel != null && !socket.isSecure()
        ? new Channel(channel, readiness.register(channel))
        : new Helidon(socket, channel);
  }

  /** Gathering writes on the channel itself. */
  record Channel(SocketChannel channel, PolledChannel polled) implements Transport {
    /**
     * The kernel takes about this much at once. A bound also keeps the JDK's per-thread copies of
     * heap buffers small, which it never gives back.
     */
    private static final int GATHER_BYTES_MAX = 256 << 10;

    @Override
    public boolean write(ByteBuffer[] buffers, int from, int count) throws IOException {
      boolean hasWaited = false;
      while (writeSome(buffers, from, count) == 0) {
        hasWaited = true;
        polled.awaitWritable();
      }
      return hasWaited;
    }

    @Override
    public void tryWrite(ByteBuffer buffer) throws IOException {
      channel.write(buffer);
    }

    @Override
    public boolean canTryWrite() {
      return true;
    }

    @Override
    public DataReader reader(DataReader handshake) {
      int held = handshake.available();
      byte[] first = held == 0 ? new byte[0] : handshake.readBuffer(held).readBytes();
      return DataReader.create(new Source(polled, first));
    }

    /** Bytes taken; 0 when the kernel takes none now. */
    private long writeSome(ByteBuffer[] buffers, int from, int count) throws IOException {
      ByteBuffer first = buffers[from];
      if (first.remaining() > GATHER_BYTES_MAX) {
        int limit = first.limit();
        first.limit(first.position() + GATHER_BYTES_MAX);
        try {
          return channel.write(first);
        } finally {
          first.limit(limit);
        }
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
      return channel.write(buffers, from, gathered);
    }

    @Override
    public void shutdownOutput() throws IOException {
      channel.shutdownOutput();
    }

    @Override
    public void close() {
      closeQuietly(channel);
      polled.release();
    }

    @Override
    public void abort() {
      abortQuietly(channel);
      polled.release();
    }
  }

  /** The bytes of a channel, as they come. An idle connection holds no buffer here. */
  final class Source implements Supplier<byte[]> {
    private static final int READ_BYTES = 8 << 10;

    private final PolledChannel polled;

    /** Came with the handshake. */
    private byte[] first;

    /** The last read filled its buffer: there may be more at once. */
    private boolean isMoreLikely;

    Source(PolledChannel polled, byte[] first) {
      this.polled = polled;
      this.first = first;
    }

    /** The next bytes, one or more; null at the end of the stream. */
    @Override
    public byte @Nullable [] get() {
      if (first.length > 0) {
        byte[] held = first;
        first = new byte[0];
        return held;
      }
      try {
        if (!isMoreLikely) {
          polled.awaitReadable();
        }
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        int count = polled.read(buffer);
        isMoreLikely = count == READ_BYTES;
        return count < 0 ? null : Arrays.copyOf(buffer.array(), count);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Writes through Helidon's socket, which encrypts. */
  record Helidon(HelidonSocket socket, @Nullable SocketChannel channel) implements Transport {
    /** One TLS record. */
    private static final int CHUNK_BYTES_MAX = 16 << 10;

    @Override
    public boolean write(ByteBuffer[] buffers, int from, int count) throws IOException {
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
        return false;
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    @Override
    public void tryWrite(ByteBuffer buffer) {
      // The socket can only be written to by a thread that may wait.
    }

    @Override
    public boolean canTryWrite() {
      return false;
    }

    @Override
    public DataReader reader(DataReader handshake) {
      return handshake;
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
