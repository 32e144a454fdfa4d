package dev.reactorhub.log.rocks;

import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.WALRecoveryMode;

/**
 * Looks at everything that a log holds and changes nothing: the checksums of the files, then,
 * stretch by stretch of the log, records, index and ids against each other. Memory does not grow
 * with the log. One thread.
 */
public final class Verification {
  /** Told of each damage and where it is. */
  private final BiConsumer<LogDamage, String> found;

  private Verification(BiConsumer<LogDamage, String> found) {
    this.found = found;
  }

  /**
   * Verifies a log.
   *
   * @param found told of each damage and its place, as often as there are any
   * @return how many records were looked at
   * @throws LogDirectoryException when the directory is no log, newer, or in use
   */
  public static long run(Path directory, BiConsumer<LogDamage, String> found) {
    int _ = LogDirectory.requireLog(directory);
    try (SharedLock _ = SharedLock.take(directory)) {
      return new Verification(found).look(directory);
    }
  }

  private long look(Path directory) {
    try {
      LogDirectory.requireSoundManifest(directory);
    } catch (LogDirectoryException e) {
      found.accept(LogDamage.UNOPENABLE, String.valueOf(e.getMessage()));
      return 0;
    } catch (IOException e) {
      throw LogDirectory.unreadable(directory, e);
    }
    try (RocksStore store = open(directory)) {
      LogRange range = RocksLogFiles.range(store);
      lookAtEnd(directory, range);
      lookAtFiles(store);
      lookAtCursors(store);
      return lookAtContent(store, range);
    } catch (RocksDBException e) {
      if (!RocksStore.isCorruption(e)) {
        throw RocksStore.unusable(directory, e);
      }
      found.accept(LogDamage.UNOPENABLE, String.valueOf(e.getMessage()));
      return 0;
    } catch (LogFailedException e) {
      found.accept(LogDamage.UNOPENABLE, String.valueOf(e.getMessage()));
      return 0;
    }
  }

  /**
   * An incomplete write at the very end is what a crash leaves and no damage; any other is, and
   * then the rest is looked at as a hub would see it.
   */
  private RocksStore open(Path directory) throws RocksDBException {
    try {
      return RocksStore.openToRead(directory, WALRecoveryMode.TolerateCorruptedTailRecords);
    } catch (RocksDBException e) {
      if (!RocksStore.isCorruption(e)) {
        throw e;
      }
      RocksStore store = RocksStore.openToRead(directory, WALRecoveryMode.PointInTimeRecovery);
      found.accept(LogDamage.WRITE_AHEAD, String.valueOf(e.getMessage()));
      return store;
    }
  }

  private void lookAtEnd(Path directory, LogRange range) {
    try {
      Optional<CommittedHead> opened = CommittedHead.openToRead(directory);
      if (opened.isPresent()) {
        try (CommittedHead committed = opened.get()) {
          if (committed.isOfAnother(range.epoch())) {
            found.accept(LogDamage.COMMITTED_HEAD, "nothing was noted of epoch " + range.epoch());
          } else if (committed.noted(range.epoch()) > range.head()) {
            found.accept(
                LogDamage.COMMITTED_HEAD,
                RecordCheck.places(range.head() + 1, committed.noted(range.epoch())));
          }
        }
      }
    } catch (IOException e) {
      throw LogDirectory.unreadable(directory, e);
    }
  }

  private void lookAtFiles(RocksStore store) {
    for (LiveFileMetaData file : store.db().getLiveFilesMetaData()) {
      try (Options options = new Options();
          SstFileReader reader = new SstFileReader(options)) {
        reader.open(file.path() + file.fileName());
        reader.verifyChecksum();
      } catch (RocksDBException e) {
        found.accept(LogDamage.TABLE, file.fileName().substring(1) + ": " + e.getMessage());
      }
    }
  }

  /** What they hold means nothing to the log: that they can be read is all there is to see. */
  private void lookAtCursors(RocksStore store) {
    try {
      store.namedCursors();
    } catch (LogFailedException e) {
      found.accept(LogDamage.UNREADABLE, "the consumers: " + e.getMessage());
    }
  }

  private long lookAtContent(RocksStore store, LogRange range) {
    StretchRecords content = new StretchRecords(range);
    RecordCheck records = new RecordCheck(store, content, found);
    EntryCheck entries = new EntryCheck(store, content, found);
    int last = Schema.generationOf(Math.max(range.earliest() + 1, range.head()));
    int first = Schema.generationOf(range.earliest() + 1);
    for (int generation = first; generation <= last; generation++) {
      content.begin(generation);
      records.look();
      entries.lookAtIndex(generation == last);
      entries.lookAtIds(generation == first, generation == last);
    }
    return records.count();
  }
}
