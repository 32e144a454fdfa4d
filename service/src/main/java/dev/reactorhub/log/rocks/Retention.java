package dev.reactorhub.log.rocks;

import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.engine.LogTail;
import dev.reactorhub.log.rocks.Meta.Earliest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Removes the records and the ids that need not be kept. Any thread. */
final class Retention {
  /** Records that are gone but still in files, because a file holds others too, at most. */
  static final long LEFT_BYTES_MAX = 64L << 20;

  private final RocksStore store;
  private final Meta meta;
  private final LogTail tail;
  private final Rules rules;
  private final Places places;
  private final ChannelRemoval channels;
  private final ReentrantLock lock = new ReentrantLock();

  /** Where the log begins. Written under {@link #lock}. */
  private volatile Earliest earliest;

  /** Where the log began when the files were last rewritten. Guarded by {@link #lock}. */
  private Earliest rewritten;

  Retention(Meta meta, LogTail tail, EventReader reader, Rules rules) {
    this.store = meta.store();
    this.meta = meta;
    this.tail = tail;
    this.rules = rules;
    this.places = new Places(store);
    this.channels = new ChannelRemoval(meta, reader, rules, tail.range());
    this.earliest = meta.earliest();
    this.rewritten = earliest;
  }

  /** True when more is kept than the bounds of bytes and events allow. Cheap. */
  boolean isOverfull(long head, long bytesThrough) {
    LogSettings settings = rules.settings();
    Earliest from = earliest;
    return (settings.retentionBytes() > 0
            && bytesThrough - from.bytesThrough() - channels.removedBytes()
                > settings.retentionBytes())
        || (settings.retentionEvents() > 0
            && head - from.seq() - channels.removedEvents() > settings.retentionEvents());
  }

  /**
   * Removes what need not be kept, or a bounded part of it.
   *
   * @return true when there is more
   * @throws RocksDBException when a write failed; nothing is missing then
   */
  boolean enforce() throws RocksDBException {
    lock.lock();
    try {
      LogRange range = tail.range();
      long before = gone();
      boolean isMore = channels.enforce(range);
      long keepAfter = earliestToKeep(range);
      // Measured against what is stored: a round that failed half-way is made good by the next.
      if (keepAfter > earliest.seq()) {
        trim(earliest.seq(), new Earliest(keepAfter, places.bytesThrough(keepAfter)));
      }
      forgetIds(tail.range());
      tail.figures().retained(gone() - before, rules.clock().instant());
      return isMore;
    } catch (RocksDBException | LogFailedException e) {
      channels.reload(new LogRange(tail.range().epoch(), earliest.seq(), tail.range().head()));
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Events of this log that retention has removed, before its beginning and after. */
  private long gone() {
    return earliest.seq() + channels.removedEvents();
  }

  private long earliestToKeep(LogRange range) {
    LogSettings settings = rules.settings();
    if (range.earliest() == range.head()) {
      return range.earliest();
    }
    long keepAfter = Math.max(range.earliest(), earliestBySize(range));
    if (!settings.retentionAge().isZero()) {
      Instant oldest = rules.clock().instant().minus(settings.retentionAge());
      keepAfter = Math.max(keepAfter, places.seqBefore(oldest, range));
    }
    return keepAfter;
  }

  private long earliestBySize(LogRange range) {
    LogSettings settings = rules.settings();
    long head = range.head();
    long bytes = settings.retentionBytes() == 0 ? 0 : places.bytesThrough(head);
    long excessBytes =
        bytes - earliest.bytesThrough() - channels.removedBytes() - settings.retentionBytes();
    long events = settings.retentionEvents() == 0 ? 0 : head;
    long excessEvents =
        events - earliest.seq() - channels.removedEvents() - settings.retentionEvents();
    if (excessBytes <= 0 && excessEvents <= 0) {
      return range.earliest();
    }
    if (channels.removedEvents() > 0) {
      return channels.placeOfKept(earliest.seq(), head, excessEvents, excessBytes);
    }
    long place = earliest.seq() + Math.max(0, excessEvents);
    return excessBytes <= 0
        ? place
        : Math.max(place, places.seqOfSum(earliest.bytesThrough() + excessBytes, range));
  }

  private void trim(long from, Earliest to) throws RocksDBException {
    // Published first: a reader that started before checks it again when it is done.
    tail.trim(to.seq());
    byte[] eventsFrom = Schema.eventKey(from);
    byte[] eventsTo = Schema.eventKey(to.seq() + 1);
    byte[] indexFrom = Schema.indexPrefix(Schema.segmentOf(from), "");
    byte[] indexTo = Schema.indexPrefix(Schema.segmentOf(to.seq() + 1), "");
    boolean segmentsEnd = Schema.segmentOf(from) < Schema.segmentOf(to.seq() + 1);
    try (WriteBatch batch = new WriteBatch();
        WriteOptions synced = new WriteOptions().setSync(true)) {
      meta.putEarliest(batch, to);
      channels.release(batch, from, to.seq());
      batch.deleteRange(store.events(), eventsFrom, eventsTo);
      if (segmentsEnd) {
        batch.deleteRange(store.byChannel(), indexFrom, indexTo);
      }
      // Synced: the files below are removed at once, and the log must not begin among them.
      store.db().write(synced, batch);
    }
    earliest = to;
    store.removeFiles(store.events(), eventsFrom, eventsTo);
    if (to.bytesThrough() - rewritten.bytesThrough() > LEFT_BYTES_MAX) {
      store.rewriteFiles(store.events(), Schema.eventKey(rewritten.seq()), eventsTo);
      rewritten = to;
    }
    if (segmentsEnd) {
      store.removeFiles(store.byChannel(), indexFrom, indexTo);
      store.rewriteFiles(store.byChannel(), indexFrom, indexTo);
    }
  }

  /** Whole generations of ids, once the newest of them has expired. */
  private void forgetIds(LogRange range) throws RocksDBException {
    LogSettings settings = rules.settings();
    long forgotten = range.head() - settings.dedupIdsMax();
    Instant windowStart = rules.clock().instant().minus(settings.dedupWindow());
    long beforeWindow = places.seqBefore(windowStart, range);
    if (beforeWindow > range.earliest()) {
      // Else nothing is known of the age of ids whose records are gone: the count bounds them.
      forgotten = Math.max(forgotten, beforeWindow);
    }
    int keepFrom = forgotten < 0 ? 0 : Schema.generationOf(forgotten + 1);
    if (keepFrom == 0) {
      return;
    }
    try (RocksIterator oldest = store.db().newIterator(store.dedup());
        WriteBatch batch = new WriteBatch();
        WriteOptions unsynced = new WriteOptions()) {
      oldest.seekToFirst();
      oldest.status();
      if (!oldest.isValid() || Schema.stretchOf(oldest.key()) >= keepFrom) {
        return;
      }
      byte[] from = Schema.stretchStart(Schema.stretchOf(oldest.key()));
      byte[] to = Schema.stretchStart(keepFrom);
      batch.deleteRange(store.dedup(), from, to);
      store.db().write(unsynced, batch);
      store.removeFiles(store.dedup(), from, to);
      store.rewriteFiles(store.dedup(), from, to);
    }
  }

  /**
   * What is to be kept, by whose clock.
   *
   * @param settings the bounds
   * @param clock tells the age
   */
  record Rules(LogSettings settings, InstantSource clock) {}
}
