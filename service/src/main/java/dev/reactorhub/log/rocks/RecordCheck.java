package dev.reactorhub.log.rocks;

import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.rocks.StoredEventCodec.Kept;
import dev.reactorhub.log.rocks.StoredEventCodec.Removed;
import dev.reactorhub.log.rocks.StoredEventCodec.Stored;
import java.time.Instant;
import java.util.function.BiConsumer;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Looks at every record of a stretch, in order, and notes what it says. One thread. */
final class RecordCheck {
  private final RocksStore store;
  private final StretchRecords content;
  private final BiConsumer<LogDamage, String> found;

  private long count;
  private Instant storedAt = Instant.MIN;
  private long bytesThrough = -1;

  RecordCheck(RocksStore store, StretchRecords content, BiConsumer<LogDamage, String> found) {
    this.store = store;
    this.content = content;
    this.found = found;
  }

  /** How many records there were so far. */
  long count() {
    return count;
  }

  /** Looks at the stretch that the content has turned to. */
  void look() {
    long through = content.through();
    try (ReadOptions options = new ReadOptions().setFillCache(false);
        RocksIterator iterator = store.db().newIterator(store.events(), options)) {
      long next = content.from();
      while (next <= through) {
        iterator.seek(Schema.eventKey(next));
        next = scan(iterator, next, through);
        if (next <= through) {
          next = isBroken(iterator) ? skip(iterator, next, through) : missing(next, through);
        }
      }
    }
  }

  /** Goes on to the end of the stretch or of what can be read; the place that would come next. */
  private long scan(RocksIterator iterator, long from, long through) {
    long next = from;
    for (; iterator.isValid(); iterator.next()) {
      long seq = Schema.seqOfEventKey(iterator.key());
      if (seq > through) {
        return missing(next, through);
      }
      missing(next, seq - 1);
      count++;
      check(seq, iterator.value());
      next = seq + 1;
    }
    return next;
  }

  /** Reports the places, if any, and returns the one after them. */
  private long missing(long from, long through) {
    if (from <= through) {
      found.accept(LogDamage.MISSING, places(from, through));
    }
    return through + 1;
  }

  private void check(long seq, byte[] bytes) {
    Stored stored;
    try {
      stored = StoredEventCodec.decode(seq, bytes);
    } catch (LogFailedException e) {
      content.putUnknown(seq);
      found.accept(LogDamage.UNDECODABLE, places(seq, seq));
      return;
    }
    switch (stored) {
      case Kept kept -> content.put(seq, kept.record().event());
      case Removed _ -> content.putRemoved(seq);
    }
    // Places are found by halving over both.
    if (stored.storedAt().isBefore(storedAt) || stored.bytesThrough() <= bytesThrough) {
      found.accept(LogDamage.OUT_OF_LINE, places(seq, seq));
    }
    storedAt = stored.storedAt();
    bytesThrough = stored.bytesThrough();
  }

  private static boolean isBroken(RocksIterator iterator) {
    try {
      iterator.status();
      return false;
    } catch (RocksDBException e) {
      return true;
    }
  }

  /**
   * Leaps over what cannot be read, ever further; that may pass over as many again that can.
   *
   * @return the place to go on from
   */
  private long skip(RocksIterator iterator, long from, long through) {
    long to = from;
    for (long step = 1; to <= through; step *= 2) {
      to += step;
      iterator.seek(Schema.eventKey(to));
      if (!isBroken(iterator)) {
        break;
      }
    }
    long last = Math.min(to - 1, through);
    for (long seq = from; seq <= last; seq++) {
      content.putUnknown(seq);
    }
    found.accept(LogDamage.UNREADABLE, places(from, last) + " or some of them");
    return last + 1;
  }

  /** How places are named. */
  static String places(long from, long through) {
    return from == through ? "record " + from : "records " + from + " to " + through;
  }
}
