package dev.reactorhub.web.ws;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A message while its frames arrive. Reader thread only. */
final class MessageBuffer {
  /** Stands for "no message begun". */
  static final MessageBuffer NONE = new MessageBuffer(false);

  private final boolean isText;
  private final Utf8Validator utf8 = new Utf8Validator();
  private byte[] bytes = new byte[0];
  private int size;

  MessageBuffer(boolean isText) {
    this.isText = isText;
  }

  int size() {
    return size;
  }

  /**
   * Makes room behind {@link #size()} for bytes that have arrived. Grows to at most twice of what
   * arrived, so that a header that announces much and sends little costs little.
   *
   * @param frameRemaining what the frame announced, including these bytes
   */
  byte[] reserve(int arrived, int frameRemaining) {
    int wanted = size + arrived;
    if (wanted > bytes.length) {
      long doubled = Math.max(wanted, 2L * size);
      bytes = Arrays.copyOf(bytes, (int) Math.min((long) size + frameRemaining, doubled));
    }
    return bytes;
  }

  /** Counts bytes that were put behind {@link #size()}; a text that became invalid is refused. */
  void advance(int count) {
    if (isText && !utf8.accept(bytes, size, size + count)) {
      throw invalidText();
    }
    size += count;
  }

  Incoming finish() {
    if (!isText) {
      return new Incoming.Binary(bytes, size);
    }
    if (!utf8.isComplete()) {
      throw invalidText();
    }
    return new Incoming.Text(new String(bytes, 0, size, StandardCharsets.UTF_8));
  }

  private static WsViolation invalidText() {
    return new WsViolation(CloseCodes.INVALID_PAYLOAD, "a text message is not valid UTF-8");
  }
}
