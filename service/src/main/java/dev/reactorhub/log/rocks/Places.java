package dev.reactorhub.log.rocks;

import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.rocks.StoredEventCodec.Stored;
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
    return lastThat(stored -> stored.storedAt().isBefore(storedAt), range);
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
              throw EventReader.missing(seq);
            }
            return cursor.stored().bytesThrough();
          }
        });
  }

  /** Visits what is stored after one place up to another, and says where it was told to stop. */
  long walk(long from, long to, Visitor visitor) {
    return store.reading(
        () -> {
          try (EventCursor cursor = new EventCursor(store)) {
            for (long seq = from + 1; seq <= to; seq++) {
              if (!cursor.moveTo(seq)) {
                throw EventReader.missing(seq);
              }
              if (!visitor.visit(seq, cursor.stored())) {
                return seq;
              }
            }
            return to;
          }
        });
  }

  /** Is shown what is stored, one seq after the other. */
  @FunctionalInterface
  interface Visitor {
    /** Returns false to stop here. */
    boolean visit(long seq, Stored stored);
  }

  /** The last place for which a rule holds that holds up to some place and never after it. */
  private long lastThat(Predicate<Stored> rule, LogRange range) {
    return store.reading(
        () -> {
          try (EventCursor cursor = new EventCursor(store)) {
            long holds = range.earliest();
            long fails = range.head() + 1;
            while (holds + 1 < fails) {
              long middle = (holds + fails) >>> 1;
              // A record that retention has just removed is older than all that stay.
              if (!cursor.moveTo(middle) || rule.test(cursor.stored())) {
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
