package dev.reactorhub.log.memory;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.health.Pulse;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogFigures;
import dev.reactorhub.log.LogHealth;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.NamedCursors;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.log.ReadResult;
import dev.reactorhub.log.TailListener;
import dev.reactorhub.log.engine.Appender;
import dev.reactorhub.log.engine.AppenderCursors;
import dev.reactorhub.log.engine.BatchBuilder;
import dev.reactorhub.log.engine.Housekeeping;
import dev.reactorhub.log.engine.LogTail;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/** A log that lasts as long as the process: a new epoch each time. Its durability is MEMORY. */
public final class MemoryEventLog implements EventLog {
  private static final Duration RETENTION_INTERVAL = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final LogTail tail;
  private final MemoryStore store;
  private final Appender appender;
  private final Housekeeping housekeeping;
  private final ReentrantLock retentionLock = new ReentrantLock();

  private MemoryEventLog(LogSettings settings, InstantSource clock) {
    this.clock = clock;
    this.tail = new LogTail(new LogRange(Epoch.random(new SecureRandom()), 0, 0));
    this.store = new MemoryStore(settings);
    this.appender = new Appender(settings, clock, tail, store);
    this.housekeeping = new Housekeeping(RETENTION_INTERVAL, this::enforceRetention);
  }

  /** Makes an empty log and starts its threads; the setting for durability is ignored. */
  public static MemoryEventLog open(LogSettings settings, InstantSource clock) {
    MemoryEventLog log = new MemoryEventLog(settings, clock);
    log.store.onOverfull(log.housekeeping::hurry);
    log.appender.start();
    log.housekeeping.start();
    return log;
  }

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
    LogRange range = tail.rangeToRead(afterSeq);
    BatchBuilder batch = new BatchBuilder(afterSeq, limit);
    look(store.after(afterSeq, range.head()), filter, batch, range.head());
    // Retention publishes before it removes: a start that is still kept now was kept all along.
    long earliest = tail.range().earliest();
    if (afterSeq < earliest) {
      return new ReadResult.Trimmed(earliest);
    }
    // As above: what was not there a moment ago was noted as removed before.
    batch.removedThrough(store.removed().newestMatching(filter, afterSeq));
    return batch.build();
  }

  private static void look(
      Iterable<LogRecord> records, EventFilter filter, BatchBuilder batch, long head) {
    for (LogRecord record : records) {
      if (batch.isDone() || (filter.matches(record.event()) && !batch.add(record))) {
        return;
      }
      batch.lookedThrough(record.seq());
      batch.spend(1, record.event().sizeBytes());
    }
    // The newest records may have been removed by the rules for their channels.
    batch.lookedThrough(head);
  }

  @Override
  public long seqBefore(Instant storedAt) {
    LogRange range = tail.range();
    return store.seqBefore(storedAt, range.earliest(), range.head());
  }

  @Override
  public LogRange follow(TailListener listener) {
    return tail.follow(listener);
  }

  @Override
  public NamedCursors cursors() {
    return new AppenderCursors(appender, store::cursors);
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
  }

  /** Removes what need not be kept. Any thread. */
  public void enforceRetention() {
    retentionLock.lock();
    try {
      LogRange range = tail.range();
      long before = store.gone();
      store.applyRules(range, clock.instant());
      long earliest = store.earliestToKeep(range, clock.instant());
      if (earliest > range.earliest()) {
        tail.trim(earliest);
        store.removeThrough(earliest);
      }
      tail.figures().retained(store.gone() - before, clock.instant());
    } finally {
      retentionLock.unlock();
    }
  }
}
