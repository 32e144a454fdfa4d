package dev.reactorhub.web.ws;

import io.helidon.common.buffers.DataReader;
import java.nio.charset.StandardCharsets;

/**
 * Reads client frames strictly (RFC 6455 section 5) and puts fragments together. Reader thread
 * only.
 *
 * <p>A violation is thrown as {@link WsViolation} as early as it can be known: a message over the
 * limit from the frame header, invalid UTF-8 at the offending chunk. Memory follows the bytes that
 * arrived, not the length that a header announced. The end of the stream and I/O failures surface
 * as the exceptions of {@link DataReader}.
 */
final class FrameReader {
  private final DataReader in;
  private final int messageBytesMax;

  /** Called after every wait that brought bytes. */
  private final Runnable arrival;

  /** The header of the frame that is being read. */
  private boolean fin;

  private int opcode;
  private long length;
  private int mask;

  /** The message that is being put together; {@link MessageBuffer#NONE} between messages. */
  private MessageBuffer message = MessageBuffer.NONE;

  FrameReader(DataReader in, int messageBytesMax, Runnable arrival) {
    this.in = in;
    this.messageBytesMax = messageBytesMax;
    this.arrival = arrival;
  }

  /** Waits for the next whole message or control frame. */
  Incoming next() {
    while (true) {
      readHeader();
      if (opcode >= WsFrames.CLOSE) {
        return control();
      }
      readData();
      if (fin) {
        MessageBuffer whole = message;
        message = MessageBuffer.NONE;
        return whole.finish();
      }
    }
  }

  /** Reads and drops everything until the stream ends, which it tells by an exception. */
  void drain() {
    message = MessageBuffer.NONE;
    while (true) {
      in.skip(await());
    }
  }

  private void readHeader() {
    int first = readByte();
    fin = (first & 0x80) != 0;
    opcode = first & 0x0F;
    if ((first & 0x70) != 0) {
      throw protocolError("a reserved bit is set and no extension was negotiated");
    }
    checkOpcode();
    int second = readByte();
    if ((second & 0x80) == 0) {
      throw protocolError("a client frame must be masked");
    }
    int shortLength = second & 0x7F;
    checkControlFrame(shortLength);
    length =
        switch (shortLength) {
          case 126 -> readInteger(2);
          case 127 -> readInteger(8);
          default -> shortLength;
        };
    if (length < 0) {
      throw protocolError("the highest bit of a 64-bit length must be 0");
    }
    // Before the mask and the payload: an oversize message is refused from its header alone.
    if (opcode < WsFrames.CLOSE && length > messageBytesMax - message.size()) {
      throw new WsViolation(
          CloseCodes.MESSAGE_TOO_BIG, "a message may have at most " + messageBytesMax + " bytes");
    }
    mask = (int) readInteger(4);
  }

  private void checkOpcode() {
    switch (opcode) {
      case WsFrames.CONTINUATION -> {
        if (message == MessageBuffer.NONE) {
          throw protocolError("a continuation frame without a message to continue");
        }
      }
      case WsFrames.TEXT, WsFrames.BINARY -> {
        if (message != MessageBuffer.NONE) {
          throw protocolError("a new message before the last one was finished");
        }
      }
      case WsFrames.CLOSE, WsFrames.PING, WsFrames.PONG -> {}
      default -> throw protocolError("unknown opcode " + opcode);
    }
  }

  private void checkControlFrame(int shortLength) {
    if (opcode < WsFrames.CLOSE) {
      return;
    }
    if (!fin) {
      throw protocolError("a control frame must not be fragmented");
    }
    if (shortLength > WsFrames.CONTROL_BYTES_MAX) {
      throw protocolError("a control frame may have at most 125 bytes of payload");
    }
  }

  private void readData() {
    if (opcode != WsFrames.CONTINUATION) {
      message = new MessageBuffer(opcode == WsFrames.TEXT);
    }
    long remaining = length;
    int offset = 0; // in the mask
    while (remaining > 0) {
      int chunk = (int) Math.min(remaining, await());
      byte[] bytes = message.reserve(chunk, (int) remaining);
      read(bytes, message.size(), chunk, offset);
      message.advance(chunk);
      remaining -= chunk;
      offset = (offset + chunk) & 3;
    }
  }

  private Incoming control() {
    byte[] payload = new byte[(int) length];
    for (int at = 0; at < payload.length; ) {
      int chunk = Math.min(payload.length - at, await());
      read(payload, at, chunk, at);
      at += chunk;
    }
    return switch (opcode) {
      case WsFrames.PING -> new Incoming.Ping(payload);
      case WsFrames.PONG -> new Incoming.Pong(payload);
      default -> close(payload);
    };
  }

  private static Incoming close(byte[] payload) {
    if (payload.length == 0) {
      return new Incoming.Close(CloseCodes.NONE_GIVEN, "");
    }
    if (payload.length == 1) {
      throw protocolError("a close frame's payload must be empty or begin with a 2-byte code");
    }
    int code = (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    if (!CloseCodes.isAllowedInFrame(code)) {
      throw protocolError("close code " + code + " must not be sent");
    }
    Utf8Validator utf8 = new Utf8Validator();
    if (!utf8.accept(payload, 2, payload.length) || !utf8.isComplete()) {
      throw new WsViolation(CloseCodes.INVALID_PAYLOAD, "the close reason is not valid UTF-8");
    }
    return new Incoming.Close(
        code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
  }

  /** Reads bytes that have arrived already and takes the mask off. */
  private void read(byte[] target, int at, int count, int maskOffset) {
    in.readBuffer(count).read(target, at, count);
    int rotated = Integer.rotateLeft(mask, 8 * (maskOffset & 3));
    byte m0 = (byte) (rotated >>> 24);
    byte m1 = (byte) (rotated >>> 16);
    byte m2 = (byte) (rotated >>> 8);
    byte m3 = (byte) rotated;
    int end = at + count;
    int i = at;
    for (; i + 3 < end; i += 4) {
      target[i] ^= m0;
      target[i + 1] ^= m1;
      target[i + 2] ^= m2;
      target[i + 3] ^= m3;
    }
    for (; i < end; i++) {
      target[i] ^= (byte) (rotated >>> (24 - 8 * (i - at & 3)));
    }
  }

  private long readInteger(int byteCount) {
    long value = 0;
    for (int i = 0; i < byteCount; i++) {
      value = value << 8 | readByte();
    }
    return value;
  }

  private int readByte() {
    await();
    return in.read() & 0xFF;
  }

  /** Waits until bytes are there and returns how many can be read without waiting. */
  private int await() {
    int available = in.available();
    if (available == 0) {
      in.ensureAvailable();
      arrival.run();
      available = in.available();
    }
    return available;
  }

  private static WsViolation protocolError(String reason) {
    return new WsViolation(CloseCodes.PROTOCOL_ERROR, reason);
  }
}
