package dev.reactorhub.workload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What clients without a library send and read: frames of a server, whole and unmasked. */
public final class ServerFrames {
  /** Opcodes (RFC 6455, section 5.2). */
  public static final int TEXT = 1;

  public static final int CLOSE = 8;
  public static final int PING = 9;

  /** Empty, and masked as a client's frames must be (RFC 6455, section 5.3). */
  private static final byte[] PONG = {(byte) 0x8A, (byte) 0x80, 1, 2, 3, 4};

  private static final byte[] CLOSE_WITHOUT_CODE = {(byte) 0x88, (byte) 0x80, 1, 2, 3, 4};

  private ServerFrames() {}

  /** Takes one frame. */
  @FunctionalInterface
  public interface Taker {
    /** Takes the payload, of which nothing may be kept. */
    void take(int opcode, ByteBuffer payload) throws IOException;
  }

  /** The request that opens a WebSocket. */
  public static ByteBuffer handshake(String pathAndQuery) {
    String text =
        String.join(
            "\r\n",
            "GET " + pathAndQuery + " HTTP/1.1",
            "Host: 127.0.0.1",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "",
            "");
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The answer to a ping. */
  public static ByteBuffer pong() {
    return ByteBuffer.wrap(PONG);
  }

  /** The answer to a close frame. */
  public static ByteBuffer close() {
    return ByteBuffer.wrap(CLOSE_WITHOUT_CODE);
  }

  /** Hands out every whole frame; returns the beginning of the one whose rest is missing. */
  public static byte[] takeAll(ByteBuffer read, Taker taker) throws IOException {
    while (takeOne(read, taker)) {
      // until the rest of a frame is missing
    }
    byte[] begun = new byte[read.remaining()];
    read.get(begun);
    return begun;
  }

  private static boolean takeOne(ByteBuffer read, Taker taker) throws IOException {
    int start = read.position();
    if (read.remaining() < 2) {
      return false;
    }
    int length = read.get(start + 1) & 0x7F;
    int header = length == 126 ? 4 : 2;
    if (length == 127) {
      throw new AssertionError("no frame here is that long");
    }
    if (read.remaining() < header) {
      return false;
    }
    if (length == 126) {
      length = read.getShort(start + 2) & 0xFFFF;
    }
    if (read.remaining() < header + length) {
      return false;
    }
    taker.take(read.get(start) & 0x0F, read.slice(start + header, length));
    read.position(start + header + length);
    return true;
  }
}
