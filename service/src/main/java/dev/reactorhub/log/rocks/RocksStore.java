package dev.reactorhub.log.rocks;

import dev.reactorhub.log.LogFailedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;

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
    try {
      return open(new RocksTuning(), directory, RocksDB::open);
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
    return open(tuning, directory, RocksDB::openReadOnly);
  }

  private static RocksStore open(RocksTuning tuning, Path directory, Opening opening)
      throws RocksDBException {
    List<ColumnFamilyDescriptor> descriptors =
        List.of(
            new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, tuning.ordered),
            descriptor(Schema.EVENTS, tuning.ordered),
            descriptor(Schema.BY_CHANNEL, tuning.ordered),
            descriptor(Schema.DEDUP, tuning.lookedUp));
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
