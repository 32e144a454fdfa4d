package dev.reactorhub.web.ws;

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

  private static final int FIN = 0x80;

  private WsFrames() {}

  /** A text frame; {@code utf8} must be valid UTF-8 and is copied. */
  public static ByteBuffer text(byte[] utf8) {
    return frame(TEXT, utf8);
  }

  /** A binary frame; {@code payload} is copied. */
  public static ByteBuffer binary(byte[] payload) {
    return frame(BINARY, payload);
  }

  /** The size of the header in front of a payload of this size: 2, 4 or 10 bytes. */
  public static int headerBytes(int payloadBytes) {
    return payloadBytes < 126 ? 2 : payloadBytes < 1 << 16 ? 4 : 10;
  }

  /** Puts the header of a text frame at the position of {@code target}. */
  public static void putTextHeader(ByteBuffer target, int payloadBytes) {
    putHeader(target, TEXT, payloadBytes);
  }

  static ByteBuffer frame(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(headerBytes(payload.length) + payload.length);
    putHeader(frame, opcode, payload.length);
    return frame.put(payload).flip();
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

  private static void putHeader(ByteBuffer target, int opcode, int payloadBytes) {
    target.put((byte) (FIN | opcode));
    if (payloadBytes < 126) {
      target.put((byte) payloadBytes);
    } else if (payloadBytes < 1 << 16) {
      target.put((byte) 126).putShort((short) payloadBytes);
    } else {
      target.put((byte) 127).putLong(payloadBytes);
    }
  }
}
