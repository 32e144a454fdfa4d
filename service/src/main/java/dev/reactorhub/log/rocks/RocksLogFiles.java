package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.log.ReadResult;
import dev.reactorhub.log.engine.LogTail;
import dev.reactorhub.log.rocks.Meta.Earliest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;

/**
 * A log that is read while no hub runs on it. Nothing in its directory is changed. One thread.
 *
 * <p>It shows what a hub would show that is started now, but for the epoch: that is the one under
 * which the events were stored.
 */
public final class RocksLogFiles implements AutoCloseable {
  private final Path directory;
  private final int format;
  private final SharedLock lock;
  private final RocksStore store;
  private final LogRange range;
  private final EventReader reader;

  private RocksLogFiles(Path directory, int format, SharedLock lock, RocksStore store) {
    this.directory = directory;
    this.format = format;
    this.lock = lock;
    this.store = store;
    this.range = range(store);
    this.reader = new EventReader(store, new LogTail(range), new RemovedChannels(store, false));
  }

  /**
   * Opens a log to read it.
   *
   * @throws LogDirectoryException when the directory is no log, newer, in use, or damaged
   */
  public static RocksLogFiles open(Path directory) {
    int format = LogDirectory.requireLog(directory);
    SharedLock lock = SharedLock.take(directory);
    try {
      LogDirectory.requireSoundManifest(directory);
      RocksStore store = RocksStore.openToRead(directory, WALRecoveryMode.PointInTimeRecovery);
      try {
        return new RocksLogFiles(directory, format, lock, store);
      } catch (RuntimeException e) {
        store.close();
        throw e;
      }
    } catch (IOException e) {
      lock.close();
      throw LogDirectory.unreadable(directory, e);
    } catch (RocksDBException e) {
      lock.close();
      throw RocksStore.unusable(directory, e);
    } catch (LogFailedException e) {
      lock.close();
      throw new LogDirectoryException(directory, "is damaged: " + e.getMessage(), e);
    }
  }

  /** Epoch, oldest and newest place of an open store. */
  static LogRange range(RocksStore store) {
    Epoch epoch =
        Meta.storedEpoch(store)
            .orElseThrow(() -> new LogFailedException("it has no epoch: restore the log"));
    Earliest earliest = Meta.earliest(store);
    try (EventCursor cursor = new EventCursor(store)) {
      long head = cursor.moveToLast() ? cursor.seq() : earliest.seq();
      return new LogRange(epoch, earliest.seq(), head);
    }
  }

  /** The version of what is stored where. */
  public int format() {
    return format;
  }

  /** The epoch, the oldest and the newest place. */
  public LogRange range() {
    return range;
  }

  /** See {@link dev.reactorhub.log.EventLog#read}. */
  public ReadResult read(long afterSeq, EventFilter filter, ReadLimit limit) {
    return reader.read(afterSeq, filter, limit);
  }

  /**
   * How many events there are between the ends; those that channel retention removed do not count.
   */
  public long events() {
    return range.head() - range.earliest() - ChannelMarks.removedEvents(Meta.marks(store));
  }

  /**
   * When the record of a seq was stored, also when channel retention removed it.
   *
   * @throws LogFailedException when it is missing, damaged or cannot be read
   */
  public Instant storedAt(long seq) {
    try (EventCursor cursor = new EventCursor(store)) {
      if (!cursor.moveTo(seq)) {
        throw EventReader.missing(seq);
      }
      return cursor.stored().storedAt();
    }
  }

  /** What the files in the directory take, those of RocksDB's own included. */
  public long bytesOnDisk() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Every channel that has events, by one pass over the index; takes memory for the channels only.
   *
   * @throws LogFailedException when the index cannot be read
   */
  public Map<Channel, ChannelCount> channels() {
    Map<Channel, ChannelCount> counts = new TreeMap<>();
    try (ReadOptions options = new ReadOptions().setFillCache(false);
        RocksIterator index = store.db().newIterator(store.byChannel(), options)) {
      index.seek(Schema.indexPrefix(Schema.segmentOf(range.earliest() + 1), ""));
      for (; index.isValid(); index.next()) {
        byte[] key = index.key();
        long seq = Schema.seqOfIndexKey(key);
        if (seq > range.earliest()) {
          counts.merge(
              new Channel(Schema.channelOfIndexKey(key)),
              new ChannelCount(1, seq),
              ChannelCount::plus);
        }
      }
      index.status();
      return counts;
    } catch (RocksDBException e) {
      throw RocksStore.readFailed(e);
    } catch (IllegalArgumentException e) {
      throw new LogFailedException("the index of channels is damaged: restore the log", e);
    }
  }

  @Override
  public void close() {
    store.close();
    lock.close();
  }

  /**
   * What the log holds of one channel.
   *
   * @param events how many
   * @param lastSeq the newest
   */
  public record ChannelCount(long events, long lastSeq) {
    private ChannelCount plus(ChannelCount other) {
      return new ChannelCount(events + other.events, Math.max(lastSeq, other.lastSeq));
    }
  }
}
