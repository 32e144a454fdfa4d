package dev.reactorhub.log.rocks;

import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.rocks.StoredEventCodec.StoredRecord;
import java.time.Instant;
import java.util.function.Predicate;

/** Finds places by halving: both the time and the running sum of sizes only grow along the log. */
final class Places {
  private final RocksStore store;

  Places(RocksStore store) {
    this.store = store;
  }

  /** See {@link dev.reactorhub.log.EventLog#seqBefore}. */
  long seqBefore(Instant storedAt, LogRange range) {
    return lastThat(stored -> stored.record().storedAt().isBefore(storedAt), range);
  }

  /** The first place up to which the sizes of all records sum up to this at least. */
  long seqOfSum(long bytesThrough, LogRange range) {
    long below = lastThat(stored -> stored.bytesThrough() < bytesThrough, range);
    return Math.min(below + 1, range.head());
  }

  /** The running sum at a place that is kept. */
  long bytesThrough(long seq) {
    return store.reading(
        () -> {
          try (EventCursor cursor = new EventCursor(store)) {
            if (!cursor.moveTo(seq)) {
              throw new LogFailedException("record " + seq + " is missing: restore the log");
            }
            return cursor.record().bytesThrough();
          }
        });
  }

  /** The last place for which a rule holds that holds up to some place and never after it. */
  private long lastThat(Predicate<StoredRecord> rule, LogRange range) {
    return store.reading(
        () -> {
          try (EventCursor cursor = new EventCursor(store)) {
            long holds = range.earliest();
            long fails = range.head() + 1;
            while (holds + 1 < fails) {
              long middle = (holds + fails) >>> 1;
              // A record that retention has just removed is older than all that stay.
              if (!cursor.moveTo(middle) || rule.test(cursor.record())) {
                holds = middle;
              } else {
                fails = middle;
              }
            }
            return holds;
          }
        });
  }
}
