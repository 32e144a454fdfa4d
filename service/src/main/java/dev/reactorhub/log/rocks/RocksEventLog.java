package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.health.Pulse;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.AppendResult.Reason;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogFigures;
import dev.reactorhub.log.LogHealth;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.LogSettings.Durability;
import dev.reactorhub.log.NamedCursors;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.log.ReadResult;
import dev.reactorhub.log.TailListener;
import dev.reactorhub.log.engine.Appender;
import dev.reactorhub.log.engine.AppenderCursors;
import dev.reactorhub.log.engine.Housekeeping;
import dev.reactorhub.log.engine.LogTail;
import dev.reactorhub.log.rocks.Meta.Earliest;
import dev.reactorhub.log.rocks.RocksWriter.StoredEnd;
import dev.reactorhub.log.rocks.StoredEventCodec.Stored;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The log in a directory of its own, which one process at a time may open.
 *
 * <p>With durability FSYNC an append completes after the sync of the disk, with OS after the system
 * call. If the system went down while a log was open with OS, records at its end may be lost: it
 * then opens with a new epoch, so that no position of before is taken for a place that was given
 * out again. The end of the process alone loses nothing and keeps the epoch.
 */
public final class RocksEventLog implements EventLog {
  /** Files with records that are open at once, at most; a few others are open beside them. */
  public static final int OPEN_FILES_MAX = 128;

  private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofSeconds(5);
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Logger LOGGER = System.getLogger(RocksEventLog.class.getName());

  private final RocksStore store;
  private final CommittedHead committed;
  private final Meta meta;
  private final LogTail tail;
  private final Retention retention;
  private final RocksWriter writer;
  private final Appender appender;
  private final Housekeeping housekeeping;
  private final EventReader reader;
  private final ReentrantLock closing = new ReentrantLock();

  private RocksEventLog(
      RocksStore store, CommittedHead committed, LogSettings settings, Environment environment)
      throws RocksDBException, IOException {
    InstantSource clock = environment.clock();
    this.store = store;
    this.committed = committed;
    this.meta = new Meta(store, settings.durability(), environment.bootId());
    Earliest earliest = meta.earliest();
    StoredEnd end = storedEnd(store, earliest);
    Epoch epoch = meta.begin(end.seq(), committed);
    committed.begin(epoch, end.seq());
    this.tail = new LogTail(new LogRange(epoch, earliest.seq(), end.seq()));
    boolean hasRules = !settings.channelRetention().isEmpty();
    this.reader = new EventReader(store, tail, new RemovedChannels(store, hasRules));
    this.retention = new Retention(meta, tail, reader, new Retention.Rules(settings, clock));
    this.housekeeping = new Housekeeping(HOUSEKEEPING_INTERVAL, this::keepHouse);
    this.writer = new RocksWriter(store, settings, end, this::afterStore);
    this.appender = new Appender(settings, clock, tail, writer);
  }

  /**
   * Opens the log of a directory, or makes it when the directory is missing or empty.
   *
   * @param settings durability FSYNC or OS
   * @throws LogDirectoryException when the directory is foreign, newer, in use, or damaged
   */
  public static RocksEventLog open(Path directory, LogSettings settings, InstantSource clock) {
    return open(directory, settings, clock, bootId());
  }

  /** Opens with a boot id that the caller names. */
  static RocksEventLog open(
      Path directory, LogSettings settings, InstantSource clock, String bootId) {
    if (settings.durability() == Durability.MEMORY) {
      throw new IllegalArgumentException(
          "durability is MEMORY: a log in a directory needs FSYNC or OS");
    }
    LogDirectory.prepare(directory);
    RocksStore store = RocksStore.open(directory);
    RocksEventLog log;
    CommittedHead committed = null;
    try {
      LogDirectory.noteFormat(directory);
      committed = CommittedHead.open(directory);
      log = new RocksEventLog(store, committed, settings, new Environment(clock, bootId));
    } catch (RocksDBException e) {
      abandon(store, committed);
      throw RocksStore.unusable(directory, e);
    } catch (LogFailedException e) {
      abandon(store, committed);
      throw new LogDirectoryException(
          directory,
          "is damaged (" + e.getMessage() + "): restore the directory, or choose an empty one",
          e);
    } catch (IOException e) {
      abandon(store, committed);
      throw LogDirectory.unusable(directory, e);
    }
    log.appender.start();
    log.housekeeping.start();
    return log;
  }

  private static void abandon(RocksStore store, @Nullable CommittedHead committed) {
    store.close();
    if (committed != null) {
      committed.close();
    }
  }

  /** What the log learns from outside. */
  private record Environment(InstantSource clock, String bootId) {}

  @Override
  public LogRange range() {
    return tail.range();
  }

  @Override
  public CompletableFuture<AppendResult> append(List<Event> events) {
    return appender.append(events);
  }

  @Override
  public ReadResult read(long afterSeq, EventFilter filter, ReadLimit limit) {
    return reader.read(afterSeq, filter, limit);
  }

  @Override
  public long seqBefore(Instant storedAt) {
    return reader.seqBefore(storedAt);
  }

  @Override
  public LogRange follow(TailListener listener) {
    return tail.follow(listener);
  }

  @Override
  public NamedCursors cursors() {
    return new AppenderCursors(appender, store::namedCursors);
  }

  @Override
  public LogHealth health() {
    return tail.health();
  }

  @Override
  public List<Pulse> pulses() {
    return List.of(appender.pulse(), housekeeping.pulse());
  }

  @Override
  public long sizeBytes() {
    return store.sizeBytes();
  }

  @Override
  public LogFigures figures() {
    return tail.figures();
  }

  @Override
  public void close() {
    appender.close();
    housekeeping.close();
    tail.close();
    closing.lock();
    try {
      if (store.isOpen() && !appender.hasFailed()) {
        meta.end();
      }
    } catch (RocksDBException e) {
      LOGGER.log(Level.WARNING, "log closed without its mark of a clean end", e);
    } finally {
      store.close();
      committed.close();
      closing.unlock();
    }
  }

  /** Removes what need not be kept. Any thread. */
  void enforceRetention() {
    try {
      if (retention.enforce()) {
        housekeeping.hurry();
      }
    } catch (RocksDBException e) {
      retentionFailed(RocksStore.isDiskFull(e) ? Reason.DISK_FULL : Reason.LOG_FAILED, e);
    } catch (LogFailedException e) {
      retentionFailed(Reason.LOG_FAILED, e);
    }
  }

  private void retentionFailed(Reason reason, Exception cause) {
    if (tail.turnUnhealthy(reason, "retention failed: " + cause.getMessage())) {
      LOGGER.log(Level.ERROR, "log retention failed; it is tried again", cause);
    }
  }

  private void keepHouse() {
    if (tail.isDiskFull()) {
      try {
        meta.probe();
        tail.healDiskFull();
      } catch (RocksDBException e) {
        // Still full, as its health says already.
        return;
      }
    }
    enforceRetention();
  }

  /** Runs on the appender's thread before the head is published: the new one is at the writer. */
  private void afterStore() {
    committed.note(writer.head());
    if (retention.isOverfull(tail.range().head(), writer.bytesThrough())) {
      housekeeping.hurry();
    }
  }

  private static StoredEnd storedEnd(RocksStore store, Earliest earliest) {
    try (EventCursor cursor = new EventCursor(store)) {
      if (!cursor.moveToLast()) {
        return new StoredEnd(earliest.seq(), 0, earliest.bytesThrough());
      }
      Stored last = cursor.stored();
      return new StoredEnd(cursor.seq(), last.storedAt().toEpochMilli(), last.bytesThrough());
    }
  }

  private static String bootId() {
    try {
      return Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return Meta.BOOT_UNKNOWN;
    }
  }
}
