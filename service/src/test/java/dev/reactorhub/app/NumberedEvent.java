package dev.reactorhub.app;

import dev.reactorhub.client.NewEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One of a series of events of one type, from 0 on, as it stands in a JSON frame.
 *
 * @param publishedNanos when it was, or was due to be, published, by the monotonic clock
 */
record NumberedEvent(long number, long publishedNanos) {
  static final String TYPE = "numbered";

  /** A frame begins with it: the contract has the type first, then the data as it was published. */
  private static final byte[] BEGINNING =
      ("{\"type\":\"" + TYPE + "\",\"data\":{\"n\":").getBytes(StandardCharsets.US_ASCII);

  private static final String BETWEEN = ",\"t\":";

  /** To be published, with data of at least so many bytes. */
  NewEvent toPublish(int dataBytes) {
    String data = "{\"n\":" + number + BETWEEN + publishedNanos + ",\"p\":\"";
    return NewEvent.of(TYPE, data + "x".repeat(Math.max(0, dataBytes - data.length() - 2)) + "\"}");
  }

  static boolean is(ByteBuffer frame) {
    return frame.remaining() > BEGINNING.length
        && frame.slice(0, BEGINNING.length).equals(ByteBuffer.wrap(BEGINNING));
  }

  static NumberedEvent read(ByteBuffer frame) {
    frame.position(BEGINNING.length);
    long number = number(frame);
    frame.position(frame.position() + BETWEEN.length() - 1);
    return new NumberedEvent(number, number(frame));
  }

  /** Reads digits and the character that ends them. */
  private static long number(ByteBuffer frame) {
    long number = 0;
    int digit = frame.get() - '0';
    while (digit >= 0 && digit <= 9) {
      number = number * 10 + digit;
      digit = frame.get() - '0';
    }
    return number;
  }
}
