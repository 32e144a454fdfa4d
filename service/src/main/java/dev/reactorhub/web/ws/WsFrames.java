package dev.reactorhub.web.ws;

import dev.reactorhub.wire.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Server frames, unmasked and unfragmented (RFC 6455 section 5.2), for {@link FrameSink#write}.
 * Stateless; any thread.
 */
public final class WsFrames {
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  /** The longest payload of a control frame. */
  static final int CONTROL_BYTES_MAX = 125;

  private WsFrames() {}

  /** A text frame; {@code utf8} must be valid UTF-8 and is copied. */
  public static ByteBuffer text(byte[] utf8) {
    return frame(TEXT, utf8);
  }

  /** A binary frame; {@code payload} is copied. */
  public static ByteBuffer binary(byte[] payload) {
    return frame(BINARY, payload);
  }

  static ByteBuffer frame(int opcode, byte[] payload) {
    return ByteBuffer.wrap(WebSocketFrame.of(opcode, payload));
  }

  /** A close frame; without code (and reason) for {@link CloseCodes#NONE_GIVEN}. */
  static ByteBuffer close(int code, String reason) {
    if (code == CloseCodes.NONE_GIVEN) {
      return frame(CLOSE, new byte[0]);
    }
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, CONTROL_BYTES_MAX - 2);
    if (length < text.length) {
      // Cut before the character that does not fit: never inside it.
      while ((text[length] & 0xC0) == 0x80) {
        length--;
      }
    }
    byte[] payload = new byte[2 + length];
    payload[0] = (byte) (code >>> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, length);
    return frame(CLOSE, payload);
  }
}
