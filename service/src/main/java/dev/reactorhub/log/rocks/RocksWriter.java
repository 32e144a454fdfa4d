package dev.reactorhub.log.rocks;

import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.LogSettings.Durability;
import dev.reactorhub.log.engine.RecordStore;
import dev.reactorhub.log.engine.Remembered;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Stores groups of records, their index and their ids in one write each. Appender's thread. */
final class RocksWriter implements RecordStore {
  private final RocksStore store;
  private final LogSettings settings;
  private final Runnable onStored;
  private final long lastStoredAtMillis;
  private volatile long bytesThrough;
  private long head;

  /**
   * Goes on after what is stored.
   *
   * @param onStored called after each write
   */
  RocksWriter(RocksStore store, LogSettings settings, StoredEnd end, Runnable onStored) {
    this.store = store;
    this.settings = settings;
    this.onStored = onStored;
    this.head = end.seq();
    this.lastStoredAtMillis = end.storedAtMillis();
    this.bytesThrough = end.bytesThrough();
  }

  /** The sizes of all records since the log began. Any thread. */
  long bytesThrough() {
    return bytesThrough;
  }

  /** The newest place stored. */
  long head() {
    return head;
  }

  @Override
  public long lastStoredAtMillis() {
    return lastStoredAtMillis;
  }

  @Override
  public Map<String, Remembered> remembered(Collection<String> ids) {
    Map<String, Remembered> found = new HashMap<>();
    List<String> missing = new ArrayList<>(ids);
    int newest = Schema.generationOf(head + 1);
    int oldest = Schema.generationOf(Math.max(0, head + 1 - settings.dedupIdsMax()));
    // From the newest down: an id that was forgotten and stored again has its newest entry first.
    for (int generation = newest; generation >= oldest && !missing.isEmpty(); generation--) {
      missing = lookUp(generation, missing, found);
    }
    return found;
  }

  private List<String> lookUp(int generation, List<String> ids, Map<String, Remembered> found) {
    List<byte[]> keys = new ArrayList<>(ids.size());
    for (String id : ids) {
      keys.add(Schema.dedupKey(generation, id));
    }
    try {
      List<byte[]> values =
          store.db().multiGetAsList(Collections.nCopies(keys.size(), store.dedup()), keys);
      List<String> missing = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        byte[] value = values.get(i);
        if (value == null) {
          missing.add(ids.get(i));
        } else {
          found.put(ids.get(i), Schema.remembered(value));
        }
      }
      return missing;
    } catch (RocksDBException e) {
      throw RocksStore.readFailed(e);
    }
  }

  @Override
  public Outcome store(List<LogRecord> records, Map<String, Optional<byte[]>> cursors) {
    long sum;
    try (WriteBatch batch = new WriteBatch();
        WriteOptions unsynced = new WriteOptions()) {
      sum = fill(batch, records);
      for (Map.Entry<String, Optional<byte[]>> cursor : cursors.entrySet()) {
        store.put(batch, cursor.getKey(), cursor.getValue());
      }
      store.db().write(unsynced, batch);
    } catch (RocksDBException e) {
      return RocksStore.isDiskFull(e)
          ? new Outcome.DiskFull("no space for the log: " + e.getMessage())
          : new Outcome.Failed("a write to the log failed: " + e.getMessage());
    }
    // A step of its own: a full disk leaves nothing behind only while the sync has not begun.
    if (settings.durability() == Durability.FSYNC) {
      try {
        store.db().syncWal();
      } catch (RocksDBException e) {
        return new Outcome.Failed("a sync of the log failed: " + e.getMessage());
      }
    }
    if (!records.isEmpty()) {
      bytesThrough = sum;
      head = records.getLast().seq();
      onStored.run();
    }
    return new Outcome.Stored();
  }

  private long fill(WriteBatch batch, List<LogRecord> records) throws RocksDBException {
    long sum = bytesThrough;
    byte[] nothing = new byte[0];
    for (LogRecord record : records) {
      long seq = record.seq();
      sum += record.event().sizeBytes();
      batch.put(store.events(), Schema.eventKey(seq), StoredEventCodec.encode(record, sum));
      batch.put(store.byChannel(), Schema.indexKey(record.event().channel(), seq), nothing);
      batch.put(
          store.dedup(),
          Schema.dedupKey(Schema.generationOf(seq), record.event().id()),
          Schema.dedupValue(seq, record.storedAt().toEpochMilli()));
    }
    return sum;
  }

  /**
   * The end of what is stored.
   *
   * @param seq the newest place
   * @param storedAtMillis when it was stored; 0 when unknown
   * @param bytesThrough the sizes of all records since the log began
   */
  record StoredEnd(long seq, long storedAtMillis, long bytesThrough) {}
}
