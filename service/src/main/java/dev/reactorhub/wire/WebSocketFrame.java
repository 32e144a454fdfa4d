package dev.reactorhub.wire;

import java.nio.charset.StandardCharsets;

/** Builds complete, unmasked WebSocket frames as a server sends them (RFC 6455, section 5.2). */
public final class WebSocketFrame {
  private static final int FIN_TEXT = 0x81;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;

  private WebSocketFrame() {}

  /** One text message in one frame. */
  public static byte[] text(String text) {
    return text(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One text message, given as UTF-8, in one frame. */
  public static byte[] text(byte[] utf8) {
    int header = utf8.length < LENGTH_16 ? 2 : utf8.length <= 0xFFFF ? 4 : 10;
    byte[] frame = new byte[header + utf8.length];
    frame[0] = (byte) FIN_TEXT;
    if (header == 2) {
      frame[1] = (byte) utf8.length;
    } else if (header == 4) {
      frame[1] = (byte) LENGTH_16;
      frame[2] = (byte) (utf8.length >>> 8);
      frame[3] = (byte) utf8.length;
    } else {
      frame[1] = (byte) LENGTH_64;
      for (int i = 0; i < 4; i++) {
        frame[6 + i] = (byte) (utf8.length >>> (24 - 8 * i));
      }
    }
    System.arraycopy(utf8, 0, frame, header, utf8.length);
    return frame;
  }
}
