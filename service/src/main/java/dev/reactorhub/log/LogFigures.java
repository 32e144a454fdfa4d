package dev.reactorhub.log;

import dev.reactorhub.tally.Histogram;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a log did since it was opened. Engines write it, any thread reads it. */
public final class LogFigures {
  private final Histogram commitEvents = Histogram.ofCounts();
  private final Histogram commitNanos = Histogram.ofNanos();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder removed = new LongAdder();
  private volatile @Nullable Instant retentionRanAt;

  /** Events were stored with one commit, which took so long, its sync included. */
  public void committed(int events, long nanos) {
    commitEvents.record(events);
    commitNanos.record(nanos);
  }

  /** Events were not stored because their ids were known. */
  public void duplicates(long events) {
    duplicates.add(events);
  }

  /** Retention came to its end, having removed so many events. */
  public void retained(long eventsRemoved, Instant now) {
    removed.add(eventsRemoved);
    retentionRanAt = now;
  }

  /** Events of each commit. */
  public Histogram commitEvents() {
    return commitEvents;
  }

  /** Nanoseconds that each commit took. */
  public Histogram commitNanos() {
    return commitNanos;
  }

  /** Events that were not stored because their ids were known. */
  public long duplicates() {
    return duplicates.sum();
  }

  /** Events that retention removed. */
  public long removed() {
    return removed.sum();
  }

  /** When retention last came to its end; empty: not yet. */
  public Optional<Instant> retentionRanAt() {
    return Optional.ofNullable(retentionRanAt);
  }
}
