package dev.reactorhub.log;

import java.util.List;

/** What a read of the log found. */
public sealed interface ReadResult {
  /**
   * Matching records in order, and how far the log was looked through.
   *
   * @param records may be empty: nothing matched so far, or the reader is at the end
   * @param through every matching record up to and including this seq is in {@code records} or was
   *     before the start; read on after it. Equal to the start when the reader is at the end
   * @param removedThrough the newest matching event after the start that a rule for its channel
   *     removed, be it before or after {@code through}; 0 when none is missing
   */
  record Batch(List<LogRecord> records, long through, long removedThrough) implements ReadResult {
    /** Copies the list. */
    public Batch {
      records = List.copyOf(records);
    }
  }

  /**
   * Retention has passed the start: records are missing after it.
   *
   * @param earliest read on after this seq to get everything that is kept
   */
  record Trimmed(long earliest) implements ReadResult {}
}
