package dev.reactorhub.log;

import dev.reactorhub.event.Event;
import java.time.Instant;

/**
 * An event with its place in the log.
 *
 * @param seq 1 or more, rising by one from record to record over all channels
 * @param storedAt when the log took it, to the millisecond; never before that of the record before
 * @param event what was stored
 */
public record LogRecord(long seq, Instant storedAt, Event event) {
  /** Validates the seq. */
  public LogRecord {
    if (seq < 1) {
      throw new IllegalArgumentException("seq is " + seq + ": must be 1 or more");
    }
  }
}
