package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.engine.RecordStore.Outcome;
import dev.reactorhub.log.rocks.RocksWriter.StoredEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDBException;

/**
 * Makes a log anew from records that know their places, so that positions of the old log stay
 * valid. Whatever was stored before a failure is a sound log of its own. One thread.
 */
public final class RocksRestore implements AutoCloseable {
  private final RocksStore store;
  private final RocksWriter writer;
  private long nextSeq;

  private RocksRestore(RocksStore store, RocksWriter writer, long nextSeq) {
    this.store = store;
    this.writer = writer;
    this.nextSeq = nextSeq;
  }

  /**
   * Begins a log.
   *
   * @param directory missing, empty, or a log to which nothing was ever appended
   * @param firstSeq the place of the first record
   * @throws LogDirectoryException when the directory holds events or cannot be used
   */
  public static RocksRestore begin(Path directory, Epoch epoch, long firstSeq) {
    LogDirectory.prepare(directory);
    RocksStore store = RocksStore.open(directory);
    try {
      LogDirectory.noteFormat(directory);
      requireEmpty(directory, store);
      CommittedHead.forget(directory);
      new Meta(store, LogSettings.DEFAULTS.durability(), Meta.BOOT_UNKNOWN)
          .restore(epoch, firstSeq - 1);
      StoredEnd end = new StoredEnd(firstSeq - 1, 0, 0);
      RocksWriter writer = new RocksWriter(store, LogSettings.DEFAULTS, end, () -> {});
      return new RocksRestore(store, writer, firstSeq);
    } catch (RocksDBException e) {
      store.close();
      throw RocksStore.unusable(directory, e);
    } catch (IOException e) {
      store.close();
      throw LogDirectory.unusable(directory, e);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static void requireEmpty(Path directory, RocksStore store) {
    try (EventCursor cursor = new EventCursor(store)) {
      if (Meta.earliest(store).seq() > 0 || cursor.moveToLast()) {
        throw new LogDirectoryException(
            directory, "holds events already: positions are kept in a new log only");
      }
    }
  }

  /**
   * Stores records, synced, all of them or none.
   *
   * @param records one or more, without a hole after those before
   * @throws LogFailedException when they could not be stored
   */
  public void store(List<LogRecord> records) {
    for (LogRecord record : records) {
      if (record.seq() != nextSeq) {
        throw new IllegalArgumentException(
            "seq is " + record.seq() + ": must be " + nextSeq + ", after those before");
      }
      nextSeq++;
    }
    switch (writer.store(records, Map.of())) {
      case Outcome.Stored() -> {}
      case Outcome.DiskFull(String detail) -> throw new LogFailedException(detail);
      case Outcome.Failed(String detail) -> throw new LogFailedException(detail);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
