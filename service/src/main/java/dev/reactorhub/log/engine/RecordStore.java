package dev.reactorhub.log.engine;

import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where an engine keeps its records. Called by the appender's thread alone. */
public interface RecordStore {
  /** When the newest record was stored, milliseconds since the epoch; 0 when there was none. */
  long lastStoredAtMillis();

  /**
   * The newest entry of each of these ids that has one; an entry may have expired.
   *
   * @throws LogFailedException when the index cannot be read
   */
  Map<String, Remembered> remembered(Collection<String> ids);

  /**
   * Stores records with their ids, and changes of named cursors, as one unit, durable as configured
   * on return.
   *
   * @param records following what is stored without a hole; may be none when cursors change
   * @param cursors by name; empty: forget it
   */
  Outcome store(List<LogRecord> records, Map<String, Optional<byte[]>> cursors);

  /** What became of a store. */
  sealed interface Outcome {
    /** It is durable. */
    record Stored() implements Outcome {}

    /**
     * Nothing was stored; the next attempt may succeed.
     *
     * @param detail one sentence for the operator
     */
    record DiskFull(String detail) implements Outcome {}

    /**
     * Whether it was stored is unknown; there must be no next attempt.
     *
     * @param detail one sentence for the operator
     */
    record Failed(String detail) implements Outcome {}
  }
}
