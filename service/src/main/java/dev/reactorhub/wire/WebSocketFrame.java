package dev.reactorhub.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Builds complete, unmasked, unfragmented frames as a server sends them (RFC 6455, section 5.2).
 */
public final class WebSocketFrame {
  private static final int FIN = 0x80;
  private static final int TEXT = 0x1;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;

  private WebSocketFrame() {}

  /** One text message. */
  public static byte[] text(String text) {
    return text(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One text message, given as UTF-8. */
  public static byte[] text(byte[] utf8) {
    return of(TEXT, utf8);
  }

  /** A frame of this opcode. */
  public static byte[] of(int opcode, byte[] payload) {
    int header = payload.length < LENGTH_16 ? 2 : payload.length <= 0xFFFF ? 4 : 10;
    ByteBuffer frame = ByteBuffer.allocate(header + payload.length);
    frame.put((byte) (FIN | opcode));
    switch (header) {
      case 2 -> frame.put((byte) payload.length);
      case 4 -> frame.put((byte) LENGTH_16).putShort((short) payload.length);
      default -> frame.put((byte) LENGTH_64).putLong(payload.length);
    }
    return frame.put(payload).array();
  }
}
