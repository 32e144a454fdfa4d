package dev.reactorhub.log.rocks;

import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.rocks.StoredEventCodec.Stored;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** A place in the family of events, moved to one seq after another. One thread. */
final class EventCursor implements AutoCloseable {
  /** Stepping over so few records is cheaper than seeking. */
  private static final int STEPS_MAX = 4;

  /** Closed with the cursor when it made them. */
  private final @Nullable ReadOptions own;

  private final RocksIterator iterator;

  /** Where the iterator stands; -1: nowhere. */
  private long current = -1;

  EventCursor(RocksStore store) {
    own = new ReadOptions();
    iterator = store.db().newIterator(store.events(), own);
  }

  /** Reads with options that outlive the cursor. */
  EventCursor(RocksStore store, ReadOptions options) {
    own = null;
    iterator = store.db().newIterator(store.events(), options);
  }

  /**
   * Moves to a record.
   *
   * @return false when there is none of this seq
   * @throws LogFailedException when the files are damaged or cannot be read
   */
  boolean moveTo(long seq) {
    if (current >= 0 && current < seq && seq - current <= STEPS_MAX) {
      while (current >= 0 && current < seq) {
        iterator.next();
        settle();
      }
    } else if (current != seq) {
      iterator.seek(Schema.eventKey(seq));
      settle();
    }
    return current == seq;
  }

  /** Moves to the newest record; false when there is none at all. */
  boolean moveToLast() {
    iterator.seekToLast();
    settle();
    return current >= 0;
  }

  /** The seq it stands at. */
  long seq() {
    return current;
  }

  /**
   * What is stored where it stands.
   *
   * @throws LogFailedException when it is damaged
   */
  Stored stored() {
    return StoredEventCodec.decode(current, iterator.value());
  }

  private void settle() {
    if (iterator.isValid()) {
      current = Schema.seqOfEventKey(iterator.key());
      return;
    }
    current = -1;
    try {
      iterator.status();
    } catch (RocksDBException e) {
      throw RocksStore.readFailed(e);
    }
  }

  @Override
  public void close() {
    iterator.close();
    if (own != null) {
      own.close();
    }
  }
}
