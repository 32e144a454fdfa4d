package dev.reactorhub.hub;

import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.Position;
import dev.reactorhub.health.Pulse;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogFigures;
import dev.reactorhub.log.LogHealth;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.log.ReadResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one hub over the one log: events in, subscriptions out, pages of history. Any thread may call
 * any method. The log outlives the hub and is closed by whoever made it.
 */
public final class Hub {
  private static final Duration LIVE_FIRST_MAX = Duration.ofMillis(10);

  private final EventLog log;
  private final EventEncoder encoder;
  private final Dispatcher dispatcher;
  private final Replays replays;
  private final AtomicInteger subscriptions = new AtomicInteger();
  private final HubFigures figures = new HubFigures();

  /** Follows the log from its present head. */
  public Hub(EventLog log, EventEncoder encoder, HubSettings settings) {
    this.log = log;
    this.encoder = encoder;
    this.replays =
        new Replays(
            settings.replayConcurrencyMax(),
            Runtime.getRuntime().availableProcessors(),
            LIVE_FIRST_MAX);
    this.dispatcher = new Dispatcher(log, encoder, settings);
  }

  /**
   * Stores events as one unit; see {@link EventLog#append}. By the time the result is there,
   * subscribers that wait have been woken.
   */
  public CompletableFuture<AppendResult> publish(List<Event> events) {
    return log.append(events);
  }

  /**
   * Opens a subscription that is woken by itself.
   *
   * @param wakeUp runs on the log's thread, once after each {@link Next.Nothing}, when there is
   *     something to poll; must return at once
   */
  public SubscribeResult subscribe(EventFilter filter, Start start, Runnable wakeUp) {
    return open(filter, start, wakeUp, null);
  }

  /**
   * Opens a subscription that is served together with others, in a {@link Cohort}.
   *
   * @param member may be given its turn before this returns
   */
  public SubscribeResult subscribe(EventFilter filter, Start start, Cohort.Member member) {
    return open(filter, start, member::wake, member);
  }

  /** What became of a subscribe. */
  public sealed interface SubscribeResult {
    /** Open: poll it once, then whenever woken. */
    record Subscribed(Subscription subscription) implements SubscribeResult {}

    /** The position to resume after is beyond the head of this log. */
    record InFuture(Position head) implements SubscribeResult {}
  }

  /** Reads one page of the log after a position; null: from the oldest event kept. */
  public HistoryResult history(@Nullable Position after, EventFilter filter, ReadLimit limit) {
    LogRange range = log.range();
    long afterSeq = range.earliest();
    if (after != null) {
      if (!after.epoch().equals(range.epoch())) {
        return new HistoryResult.Gone(
            GapReason.EPOCH_UNKNOWN, range.earliestPosition(), range.headPosition());
      }
      if (after.seq() > range.head()) {
        return new HistoryResult.InFuture(range.headPosition());
      }
      afterSeq = after.seq();
    }
    long from = afterSeq;
    return switch (replays.inTurn(() -> read(from, filter, limit))) {
      case ReadResult.Batch batch ->
          new HistoryResult.Page(
              batch.records().stream().map(this::encoded).toList(),
              position(batch.through()),
              log.range().headPosition(),
              batch.removedThrough() == 0 ? null : gap(from, batch));
      case ReadResult.Trimmed trimmed ->
          new HistoryResult.Gone(
              GapReason.POSITION_EXPIRED, position(trimmed.earliest()), range.headPosition());
    };
  }

  /** What a read of the history found. */
  public sealed interface HistoryResult {
    /**
     * A page.
     *
     * @param events matching events, may be none though more follow
     * @param next read on after it; equal to {@code head} at the end
     * @param head the newest position
     * @param gap events that a rule for their channels removed after the start; null: none
     */
    record Page(List<EncodedEvent> events, Position next, Position head, Next.@Nullable Gap gap)
        implements HistoryResult {}

    /** Events after the position are gone; reading after {@code earliest} yields what is kept. */
    record Gone(GapReason reason, Position earliest, Position head) implements HistoryResult {}

    /** The position is beyond the head. */
    record InFuture(Position head) implements HistoryResult {}
  }

  /** The log's epoch, oldest and newest place. */
  public LogRange range() {
    return log.range();
  }

  /** Whether publishing can succeed. */
  public LogHealth logHealth() {
    return log.health();
  }

  /** The state of the threads without which nothing is stored or replayed. */
  public List<Pulse> pulses() {
    return Stream.concat(log.pulses().stream(), Stream.of(replays.pulse())).toList();
  }

  /** Whose turn it is to be read for, of those who are behind. */
  public Replays replays() {
    return replays;
  }

  /** What the hub is doing. */
  public HubStats stats() {
    return new HubStats(
        subscriptions.get(),
        dispatcher.laneCount(),
        dispatcher.dispatchedCount(),
        dispatcher.lastStoredMillis(),
        log.sizeBytes());
  }

  /** What the hub did for its subscribers. */
  public HubFigures figures() {
    return figures;
  }

  /** What the log did. */
  public LogFigures logFigures() {
    return log.figures();
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  Position position(long seq) {
    return new Position(log.range().epoch(), seq);
  }

  /** The hole that rules for channels made in what follows a place. */
  Next.Gap gap(long afterSeq, ReadResult.Batch read) {
    long toNext = read.records().isEmpty() ? read.through() : read.records().getFirst().seq() - 1;
    return new Next.Gap(
        position(afterSeq),
        position(Math.min(toNext, read.removedThrough())),
        position(read.removedThrough()),
        GapReason.CHANNEL_RETENTION);
  }

  EncodedEvent encoded(LogRecord record) {
    return new EncodedEvent(encoder, log.range().epoch(), record);
  }

  /** Reads the log; to be called in a turn of the {@link #replays}. */
  ReadResult read(long afterSeq, EventFilter filter, ReadLimit limit) {
    return log.read(afterSeq, filter, limit);
  }

  /** Finds where in this log a position stands. */
  Located place(Position after) {
    LogRange range = log.range();
    if (!after.epoch().equals(range.epoch())) {
      Next.Gap gap = new Next.Gap(after, range.earliestPosition(), GapReason.EPOCH_UNKNOWN);
      return new Located.At(new Place(range.earliest(), gap));
    }
    if (after.seq() > range.head()) {
      return new Located.InFuture(range.headPosition());
    }
    return new Located.At(new Place(after.seq(), null));
  }

  void closed(Subscription subscription) {
    subscriptions.decrementAndGet();
  }

  private SubscribeResult open(
      EventFilter filter, Start start, Runnable wakeUp, Cohort.@Nullable Member member) {
    Place place;
    switch (start) {
      case Start.Latest latest -> place = null;
      case Start.Earliest earliest -> place = new Place(log.range().earliest(), null);
      case Start.Since since -> place = new Place(log.seqBefore(since.time()), null);
      case Start.After after -> {
        switch (place(after.position())) {
          case Located.At at -> place = at.place();
          case Located.InFuture future -> {
            return new SubscribeResult.InFuture(future.head());
          }
        }
      }
    }
    Subscription subscription = new Subscription(this, filter, wakeUp, member);
    subscriptions.incrementAndGet();
    if (place != null) {
      subscription.startAfter(place);
    }
    return new SubscribeResult.Subscribed(subscription);
  }

  /** A place to go on after, and the hole before it, if any. */
  record Place(long afterSeq, Next.@Nullable Gap gap) {}

  /** Where a position stands. */
  sealed interface Located {
    /** In this log, or behind a gap before it. */
    record At(Place place) implements Located {}

    /** Beyond the head. */
    record InFuture(Position head) implements Located {}
  }
}
