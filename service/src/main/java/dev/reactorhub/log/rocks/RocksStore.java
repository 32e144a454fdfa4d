package dev.reactorhub.log.rocks;

import dev.reactorhub.log.LogFailedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;

/** The open database and its families. Native memory: nothing may touch it once it is closed. */
final class RocksStore implements AutoCloseable {
  /** Why a directory cannot be opened that another process has. */
  static final String IN_USE = "is in use by a running hub: stop it, or choose another directory";

  private final RocksTuning tuning;
  private final RocksDB db;
  private final List<ColumnFamilyHandle> families;

  /** Readers share it; closing waits for them and then keeps the others out. */
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  /** Guarded by {@link #gate}. */
  private boolean closed;

  private RocksStore(RocksTuning tuning, RocksDB db, List<ColumnFamilyHandle> families) {
    this.tuning = tuning;
    this.db = db;
    this.families = families;
  }

  /**
   * Opens a directory that was prepared.
   *
   * @throws LogDirectoryException when it is in use or damaged
   */
  static RocksStore open(Path directory) {
    RocksDB.loadLibrary();
    RocksTuning tuning = new RocksTuning();
    try {
      return open(tuning, directory, families(tuning), RocksDB::open);
    } catch (RocksDBException e) {
      throw unusable(directory, e);
    }
  }

  /**
   * Opens a log without writing to its directory: what its write-ahead files hold is replayed into
   * memory, which {@link RocksTuning} bounds. The caller sees to it that nobody writes meanwhile.
   *
   * @param recovery how much damage of the write-ahead files to overlook
   * @throws RocksDBException when it cannot be opened
   */
  static RocksStore openToRead(Path directory, WALRecoveryMode recovery) throws RocksDBException {
    RocksDB.loadLibrary();
    RocksTuning tuning = new RocksTuning();
    tuning
        .database
        .setCreateIfMissing(false)
        .setCreateMissingColumnFamilies(false)
        .setWalRecoveryMode(recovery);
    // A log of an earlier format lacks families, which are not made now.
    List<byte[]> present;
    try (Options options = new Options()) {
      present = RocksDB.listColumnFamilies(options, directory.toString());
    } catch (RocksDBException e) {
      tuning.close();
      throw e;
    }
    List<ColumnFamilyDescriptor> families =
        families(tuning).stream()
            .filter(family -> present.stream().anyMatch(p -> Arrays.equals(p, family.getName())))
            .toList();
    return open(tuning, directory, families, RocksDB::openReadOnly);
  }

  /** In the order of the accessors below; those of later formats stand last. */
  private static List<ColumnFamilyDescriptor> families(RocksTuning tuning) {
    return List.of(
        new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, tuning.ordered),
        descriptor(Schema.EVENTS, tuning.ordered),
        descriptor(Schema.BY_CHANNEL, tuning.ordered),
        descriptor(Schema.DEDUP, tuning.lookedUp),
        descriptor(Schema.CURSORS, tuning.ordered));
  }

  private static RocksStore open(
      RocksTuning tuning, Path directory, List<ColumnFamilyDescriptor> descriptors, Opening opening)
      throws RocksDBException {
    List<ColumnFamilyHandle> families = new ArrayList<>();
    try {
      RocksDB db = opening.open(tuning.database, directory.toString(), descriptors, families);
      return new RocksStore(tuning, db, families);
    } catch (RocksDBException e) {
      tuning.close();
      throw e;
    }
  }

  private static ColumnFamilyDescriptor descriptor(String name, ColumnFamilyOptions options) {
    return new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), options);
  }

  /** What a failure to open means for the operator. */
  static LogDirectoryException unusable(Path directory, RocksDBException e) {
    String message = String.valueOf(e.getMessage());
    if (message.toLowerCase(Locale.ROOT).contains("lock")) {
      return new LogDirectoryException(directory, IN_USE, e);
    }
    if (isDiskFull(e)) {
      return new LogDirectoryException(
          directory, "is on a full disk: make space and start again", e);
    }
    return new LogDirectoryException(
        directory,
        "cannot be opened (" + message + "): restore the directory, or choose an empty one",
        e);
  }

  /** True when stored bytes are not what was written. */
  static boolean isCorruption(RocksDBException e) {
    Status status = e.getStatus();
    return status != null && status.getCode() == Status.Code.Corruption;
  }

  /** True when a failed write stored nothing for want of space. */
  static boolean isDiskFull(RocksDBException e) {
    Status status = e.getStatus();
    return status != null && status.getSubCode() == Status.SubCode.NoSpace;
  }

  /** What a failed read means for the caller. */
  static LogFailedException readFailed(RocksDBException e) {
    return new LogFailedException("the log cannot be read: " + e.getMessage(), e);
  }

  RocksDB db() {
    return db;
  }

  ColumnFamilyHandle meta() {
    return families.get(0);
  }

  ColumnFamilyHandle events() {
    return families.get(1);
  }

  ColumnFamilyHandle byChannel() {
    return families.get(2);
  }

  ColumnFamilyHandle dedup() {
    return families.get(3);
  }

  /** Missing in a log of format 1 that was opened to be read. */
  private Optional<ColumnFamilyHandle> cursors() {
    return families.size() > 4 ? Optional.of(families.get(4)) : Optional.empty();
  }

  /** Adds a change of a named cursor to what is written next; empty: forget it. */
  void put(WriteBatch batch, String name, Optional<byte[]> state) throws RocksDBException {
    ColumnFamilyHandle family = cursors().orElseThrow();
    if (state.isPresent()) {
      batch.put(family, Schema.cursorKey(name), state.get());
    } else {
      batch.delete(family, Schema.cursorKey(name));
    }
  }

  /**
   * Every named cursor.
   *
   * @throws LogFailedException when one cannot be read
   */
  Map<String, byte[]> namedCursors() {
    return reading(
        () -> {
          Map<String, byte[]> found = new TreeMap<>();
          if (cursors().isEmpty()) {
            return found;
          }
          try (ReadOptions options = new ReadOptions().setVerifyChecksums(true);
              RocksIterator each = db.newIterator(cursors().get(), options)) {
            for (each.seekToFirst(); each.isValid(); each.next()) {
              found.put(Schema.nameOfCursorKey(each.key()), each.value());
            }
            each.status();
            return found;
          } catch (RocksDBException e) {
            throw readFailed(e);
          }
        });
  }

  /**
   * Runs a read while the database cannot be closed.
   *
   * @throws IllegalStateException when it is closed
   */
  <T> T reading(Supplier<T> read) {
    gate.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the log is closed: it cannot be read");
      }
      return read.get();
    } finally {
      gate.readLock().unlock();
    }
  }

  /** What the files and what is not yet in files take. */
  long sizeBytes() {
    return reading(
        () -> {
          try {
            long bytes = 0;
            for (ColumnFamilyHandle family : families) {
              bytes += db.getLongProperty(family, "rocksdb.live-sst-files-size");
              bytes += db.getLongProperty(family, "rocksdb.cur-size-all-mem-tables");
            }
            return bytes;
          } catch (RocksDBException e) {
            throw readFailed(e);
          }
        });
  }

  /** Drops the files that hold nothing else; the newest ones (level 0) are passed over. */
  void removeFiles(ColumnFamilyHandle family, byte[] from, byte[] to) throws RocksDBException {
    db.deleteFilesInRanges(family, List.of(from, to), false);
  }

  /** Rewrites the files that hold some of the range, without it; other work goes on meanwhile. */
  void rewriteFiles(ColumnFamilyHandle family, byte[] from, byte[] to) throws RocksDBException {
    try (CompactRangeOptions beside =
        new CompactRangeOptions().setExclusiveManualCompaction(false)) {
      db.compactRange(family, from, to, beside);
    }
  }

  boolean isOpen() {
    gate.readLock().lock();
    try {
      return !closed;
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Waits for the reads in hand and closes everything native. Idempotent. */
  @Override
  public void close() {
    gate.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      families.forEach(ColumnFamilyHandle::close);
      db.close();
      tuning.close();
    } finally {
      gate.writeLock().unlock();
    }
  }

  /** One of the ways in which RocksDB opens a directory. */
  @FunctionalInterface
  private interface Opening {
    RocksDB open(
        DBOptions options,
        String directory,
        List<ColumnFamilyDescriptor> descriptors,
        List<ColumnFamilyHandle> families)
        throws RocksDBException;
  }
}
