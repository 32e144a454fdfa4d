package dev.reactorhub.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Counts the frames of a WebSocket whose payload begins with a text, whatever pieces they come in.
 * Touches few of the bytes: a client that is to be fast beside the hub. One thread.
 */
final class FrameCounter {
  private static final int LENGTH_16_BITS = 126;
  private static final int LENGTH_64_BITS = 127;

  private final byte[] text;

  /** Of the frame at hand: bytes of its head that have come, of at most 10. */
  private int headBytes;

  /** Bytes that the head has; 2 until they say more. */
  private int headSize = 2;

  private long payloadLeft;

  /** Bytes of the text that the payload began with; negative once it differs. */
  private int matched;

  private long count;

  FrameCounter(String text) {
    this.text = text.getBytes(StandardCharsets.US_ASCII);
  }

  long count() {
    return count;
  }

  /** Takes what has come: all that is left in the buffer. */
  void read(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      if (headBytes < headSize) {
        readHead(bytes.get() & 0xFF);
      } else {
        readPayload(bytes);
      }
      if (headBytes == headSize && payloadLeft == 0) {
        headBytes = 0;
        headSize = 2;
      }
    }
  }

  private void readHead(int next) {
    headBytes++;
    if (headBytes == 1) {
      matched = 0;
    } else if (headBytes == 2) {
      // What the hub sends is not masked: the byte is the length, or how many more hold it.
      headSize = next == LENGTH_16_BITS ? 4 : next == LENGTH_64_BITS ? 10 : 2;
      payloadLeft = headSize == 2 ? next : 0;
    } else {
      payloadLeft = payloadLeft << 8 | next;
    }
  }

  private void readPayload(ByteBuffer bytes) {
    while (matched >= 0 && matched < text.length && payloadLeft > 0 && bytes.hasRemaining()) {
      payloadLeft--;
      matched = bytes.get() == text[matched] ? matched + 1 : -1;
      if (matched == text.length) {
        count++;
      }
    }
    int skipped = (int) Math.min(bytes.remaining(), payloadLeft);
    if (matched < 0 || matched == text.length) {
      bytes.position(bytes.position() + skipped);
      payloadLeft -= skipped;
    }
  }
}
