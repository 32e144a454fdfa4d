package dev.reactorhub.web.ws;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response in chunks (RFC 9112, section 7.1), written to the connection's channel
 * once the head has gone out: by a thread that may wait, or, with {@link #tryWrite}, by one that
 * never does. One thread at a time.
 *
 * <p>What is written is gathered and goes out as one chunk with {@link #flush}.
 */
public final class ChunkedOutput extends OutputStream {
  private static final byte[] CHUNK_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int GATHERED_BYTES_MAX = 64 << 10;

  private final Transport transport;

  /** Not yet a chunk: the first {@link #size} bytes. Empty while there is none. */
  private byte[] gathered = new byte[0];

  private int size;

  /** What a {@link #tryWrite} left, whose beginning was sent. */
  private @Nullable ByteBuffer rest;

  ChunkedOutput(Transport transport) {
    this.transport = transport;
  }

  /** What precedes so many bytes of a chunk. */
  public static byte[] head(int bytes) {
    return (Integer.toHexString(bytes) + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** What follows the bytes of a chunk. */
  public static byte[] end() {
    return CHUNK_END.clone();
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    if (size > 0 && size + count > GATHERED_BYTES_MAX) {
      flush();
    }
    if (size + count > gathered.length) {
      byte[] larger = new byte[Math.max(size + count, 2 * gathered.length)];
      System.arraycopy(gathered, 0, larger, 0, size);
      gathered = larger;
    }
    System.arraycopy(bytes, offset, gathered, size, count);
    size += count;
  }

  /** Sends what was left and what was gathered; waits until the kernel has it. */
  @Override
  public void flush() throws IOException {
    finishRest();
    if (size > 0) {
      ByteBuffer[] chunk = {
        ByteBuffer.wrap(head(size)), ByteBuffer.wrap(gathered, 0, size), ByteBuffer.wrap(CHUNK_END)
      };
      writeAll(chunk);
      // An idle stream holds no buffer.
      gathered = new byte[0];
      size = 0;
    }
  }

  /**
   * Writes a whole chunk without waiting. What the kernel does not take is kept, and goes out with
   * the next {@link #flush}, which must come before the next call.
   *
   * @return whether all was taken
   */
  public boolean tryWrite(ByteBuffer chunk) throws IOException {
    transport.tryWrite(chunk);
    if (chunk.hasRemaining()) {
      rest = ByteBuffer.allocate(chunk.remaining()).put(chunk).flip();
      return false;
    }
    return true;
  }

  /** Ends the body: nothing may be written after it. The connection stays open. */
  @Override
  public void close() throws IOException {
    flush();
    writeAll(ByteBuffer.wrap(LAST_CHUNK));
  }

  /** Drops the connection, under a write that waits as well. Any thread. */
  public void abort() {
    transport.abort();
  }

  private void finishRest() throws IOException {
    ByteBuffer left = rest;
    if (left != null) {
      writeAll(left);
      rest = null;
    }
  }

  private void writeAll(ByteBuffer... buffers) throws IOException {
    for (int next = 0; next < buffers.length; ) {
      if (buffers[next].hasRemaining()) {
        transport.write(buffers, next, buffers.length - next);
      } else {
        next++;
      }
    }
  }
}
