package dev.reactorhub.hub;

import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.Position;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.ReadResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the log: one seq. It is served from its lane while it keeps up, from the live
 * window or the log while it does not, and passes from one to the other with no gap and no
 * duplicate, because all three are asked for "after this seq".
 *
 * <p>One thread at a time polls, when woken and until {@link Next.Nothing}; any thread may call the
 * other methods. It holds no events: its memory does not grow with what is pending.
 */
public final class Subscription implements AutoCloseable {
  private final Hub hub;
  private final Dispatcher dispatcher;
  private final Runnable wakeUp;

  /** Null: this subscription is woken by itself. */
  private final Cohort.@Nullable Member member;

  /** Where the lane keeps this subscription. Guarded by the lane or cohort. */
  private int seat;

  /** True while the subscriber waits: whoever turns it false runs the wake-up. */
  private final AtomicBoolean armed = new AtomicBoolean();

  /** Everything below is guarded by this. */
  private EventFilter filter;

  private Lane lane;

  /** Every matching event up to here was handed out. */
  private long cursor;

  /** Where delivery under the present filter began. */
  private long filterSince;

  /** True while served from the window or the log. Changed by {@link #replays} alone. */
  private boolean isReplaying;

  /** True from when it fell behind, having been live, until it has caught up. */
  private boolean isSlow;

  /** Reaching this seq is announced by {@link Next.CaughtUp}; negative: nothing to announce. */
  private long catchUpTarget = -1;

  private Next.@Nullable Gap gapToAnnounce;

  /** Events that rules for channels removed up to here were announced, for the present filter. */
  private long removedToldThrough;

  private final DeliveredHistory history = new DeliveredHistory();
  private boolean isClosed;

  Subscription(Hub hub, EventFilter filter, Runnable wakeUp, Cohort.@Nullable Member member) {
    this.hub = hub;
    this.dispatcher = hub.dispatcher();
    this.wakeUp = wakeUp;
    this.member = member;
    this.filter = filter;
    this.lane = dispatcher.join(this, filter);
    this.cursor = dispatcher.dispatchedSeq();
    this.filterSince = cursor;
  }

  /** Begins after a place of the log, which may lie behind a gap. */
  synchronized void startAfter(Hub.Place place) {
    moveTo(place);
    filterSince = cursor;
  }

  /**
   * What to send next, and moves the cursor past it. After {@link Next.Nothing} the wake-up runs
   * once there is more.
   *
   * @param bytesMax stop adding events beyond this many bytes; the first is always added
   */
  public Next poll(int bytesMax) {
    while (true) {
      Next held = pollHeld(bytesMax);
      // Waits for its turn before the monitor is taken: the other methods never wait.
      Next next = held == null ? hub.replays().inTurn(() -> pollBehind(bytesMax)) : held;
      if (next != null) {
        return next;
      }
    }
  }

  /**
   * As {@link #poll}, of what is held in memory: never waits.
   *
   * @return null when the log must be read: by {@link #readBehind}
   */
  public synchronized @Nullable Next pollHeld(int bytesMax) {
    while (!isBehind() || isInWindow()) {
      Next next = next(bytesMax);
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  /**
   * As {@link #poll}, for callers that must not wait. Until it completes nothing else may be asked
   * of this subscription but {@link #close}.
   *
   * @return completes with null when nothing was wanted of what was read: poll again
   */
  public CompletableFuture<@Nullable Next> readBehind(int bytesMax) {
    return hub.replays().later(() -> pollBehind(bytesMax));
  }

  /**
   * As {@link #poll}, but never waits: neither for the log nor for a turn to read behind.
   *
   * @return null when what is next must be read by {@link #poll} or {@link #pollBehind}
   */
  public synchronized @Nullable Next pollLive(int bytesMax) {
    return isBehind() ? null : next(bytesMax);
  }

  /** The resume token: everything that matches up to here was handed out, and every gap told. */
  public synchronized Position position() {
    if (gapToAnnounce != null) {
      return gapToAnnounce.from();
    }
    advanceIfDrained();
    return hub.position(cursor);
  }

  /** The present filter. */
  public synchronized EventFilter filter() {
    return filter;
  }

  /** Wants other events from now on. What is pending is delivered where both filters want it. */
  public void change(EventFilter wanted) {
    synchronized (this) {
      advanceIfDrained();
      history.delivered(filterSince, cursor, List.of(filter));
      long head = dispatcher.dispatchedSeq();
      if (head > cursor) {
        history.delivered(cursor, head, List.of(filter, wanted));
        history.keepOnly(cursor, head, filter);
      }
      switchTo(wanted);
      filterSince = head;
      replays(isReplaying || !history.isPast(cursor) || !lane.covers(cursor));
    }
    armAndWake();
  }

  /**
   * Wants other events, those after a position first, leaving out what this subscription was given
   * already.
   */
  public ChangeResult change(EventFilter wanted, Position after) {
    synchronized (this) {
      Hub.Place place;
      switch (hub.place(after)) {
        case Hub.Located.At at -> place = at.place();
        case Hub.Located.InFuture future -> {
          return new ChangeResult.InFuture(future.head());
        }
      }
      advanceIfDrained();
      if (!history.reachesBackTo(place.afterSeq())) {
        return new ChangeResult.TooFarBack();
      }
      history.delivered(filterSince, cursor, List.of(filter));
      history.goBackTo(place.afterSeq());
      switchTo(wanted);
      moveTo(place);
      filterSince = cursor;
    }
    armAndWake();
    return new ChangeResult.Changed();
  }

  /** What became of a change of filter that goes back in the log. */
  public sealed interface ChangeResult {
    /** Done. */
    record Changed() implements ChangeResult {}

    /** The position is beyond the head; nothing was changed. */
    record InFuture(Position head) implements ChangeResult {}

    /** Too many changes ago; nothing was changed. A new subscription can go back there. */
    record TooFarBack() implements ChangeResult {}
  }

  /** Leaves the hub. A poll under way may still return events. Idempotent. */
  @Override
  public synchronized void close() {
    if (!isClosed) {
      replays(false);
      keepsUp();
      isClosed = true;
      dispatcher.leave(this, lane);
      hub.closed(this);
    }
  }

  /** Returns true when the subscriber was waiting: the caller must then {@link #wake} it. */
  boolean disarm() {
    return armed.get() && armed.compareAndSet(true, false);
  }

  void wake() {
    wakeUp.run();
  }

  /** Null: this subscription is woken by itself. */
  Cohort.@Nullable Server server() {
    return member == null ? null : member.server();
  }

  /** For members of a cohort only. */
  void turn() {
    if (member != null) {
      member.turn();
    }
  }

  int seat() {
    return seat;
  }

  void setSeat(int seat) {
    this.seat = seat;
  }

  private void armAndWake() {
    disarm();
    wake();
  }

  /**
   * As {@link #poll}, to be called in a turn of the hub's {@link Replays}.
   *
   * @return null when nothing was wanted of what was read: take another turn
   */
  public synchronized @Nullable Next pollBehind(int bytesMax) {
    return next(bytesMax);
  }

  private @Nullable Next next(int bytesMax) {
    if (gapToAnnounce != null) {
      Next.Gap gap = gapToAnnounce;
      gapToAnnounce = null;
      return told(gap);
    }
    if (isClosed) {
      return new Next.Nothing();
    }
    return isReplaying ? replayed(bytesMax) : live(bytesMax);
  }

  private Next live(int bytesMax) {
    if (catchUpTarget >= 0 && cursor >= catchUpTarget) {
      return caughtUp();
    }
    armed.set(true);
    long dispatched = dispatcher.dispatchedSeq();
    Dispatcher.Run run = dispatcher.eventsAfter(cursor, lane, bytesMax);
    if (run != null && run.isEmpty()) {
      cursor = Math.max(cursor, dispatched);
      if (catchUpTarget >= 0) {
        armed.set(false);
        return caughtUp();
      }
      return new Next.Nothing();
    }
    armed.set(false);
    if (run == null) {
      replays(true);
      isSlow = true;
      hub.figures().fellBehind();
      catchUpTarget = dispatched;
      return new Next.Lagging(hub.position(cursor), hub.position(dispatched));
    }
    cursor = run.next().events().getLast().seq();
    return run.next();
  }

  private Next caughtUp() {
    catchUpTarget = -1;
    keepsUp();
    return new Next.CaughtUp(hub.position(cursor));
  }

  private @Nullable Next replayed(int bytesMax) {
    if (rejoins()) {
      replays(false);
      return live(bytesMax);
    }
    if (isInWindow()) {
      return events(readWindow(bytesMax));
    }
    EventBatch batch = new EventBatch(bytesMax);
    Next.Gap gap = readLog(batch);
    return gap == null ? events(batch.events()) : gap;
  }

  private static @Nullable Next events(List<EncodedEvent> events) {
    return events.isEmpty() ? null : new Next.Events(events, false);
  }

  /** Whether what comes next must be read from the window or the log. */
  private boolean isBehind() {
    return gapToAnnounce == null && isReplaying && !isClosed && !rejoins();
  }

  /** Whether the lane can serve what comes next. */
  private boolean rejoins() {
    boolean isAtHead = cursor >= dispatcher.dispatchedSeq();
    return (isAtHead || isInWindow()) && history.isPast(cursor) && lane.covers(cursor);
  }

  private boolean isInWindow() {
    return dispatcher.window().get(cursor + 1) != null;
  }

  private List<EncodedEvent> readWindow(int bytesMax) {
    boolean isGivenAll = history.isPast(cursor);
    WindowRuns.Run known = isGivenAll ? dispatcher.runs().find(lane, cursor, bytesMax) : null;
    if (known != null) {
      cursor = known.through();
      return known.events();
    }
    long after = cursor;
    List<EncodedEvent> events = readWindowAnew(bytesMax);
    if (isGivenAll && !events.isEmpty()) {
      dispatcher.runs().keep(new WindowRuns.Run(lane, after, bytesMax, cursor, events));
    }
    return events;
  }

  private List<EncodedEvent> readWindowAnew(int bytesMax) {
    EventBatch batch = new EventBatch(bytesMax);
    long last = dispatcher.dispatchedSeq();
    while (cursor < last) {
      EncodedEvent event = dispatcher.window().get(cursor + 1);
      if (event == null || (isWanted(event) && !batch.add(event))) {
        break;
      }
      cursor++;
    }
    return batch.events();
  }

  private Next.@Nullable Gap readLog(EventBatch batch) {
    return switch (hub.read(cursor, filter, batch.limit())) {
      case ReadResult.Batch read when read.removedThrough() > removedToldThrough -> {
        Next.Gap gap = hub.gap(cursor, read);
        removedToldThrough = read.removedThrough();
        // What was read is read again: the hole is told before anything that follows it.
        cursor = gap.to().seq();
        yield told(gap);
      }
      case ReadResult.Batch read -> {
        hub.figures().replayed(read.records().size());
        for (LogRecord record : read.records()) {
          EncodedEvent event = hub.encoded(record);
          if (isWanted(event)) {
            batch.addAlways(event);
          }
        }
        cursor = read.through();
        yield null;
      }
      case ReadResult.Trimmed trimmed -> {
        Position from = hub.position(cursor);
        cursor = trimmed.earliest();
        yield told(new Next.Gap(from, hub.position(cursor), GapReason.POSITION_EXPIRED));
      }
    };
  }

  private boolean isWanted(EncodedEvent event) {
    return event.passes(filter) && !history.excludes(event);
  }

  /** Moves the cursor over events that nobody here wants, when nothing is pending. */
  private void advanceIfDrained() {
    if (isReplaying) {
      return;
    }
    long dispatched = dispatcher.dispatchedSeq();
    long[] places = lane.after(cursor, 1);
    if (places != null && places.length == 0) {
      cursor = Math.max(cursor, dispatched);
    }
  }

  private void switchTo(EventFilter wanted) {
    if (wanted.equals(filter)) {
      return;
    }
    dispatcher.leave(this, lane);
    lane = dispatcher.join(this, wanted);
    filter = wanted;
    removedToldThrough = 0;
  }

  private void moveTo(Hub.Place place) {
    cursor = place.afterSeq();
    gapToAnnounce = place.gap();
    removedToldThrough = 0;
    replays(true);
    catchUpTarget = dispatcher.dispatchedSeq();
  }

  private void replays(boolean fromNowOn) {
    if (isReplaying == fromNowOn || isClosed) {
      return;
    }
    isReplaying = fromNowOn;
    if (fromNowOn) {
      hub.figures().beginsReplay();
    } else {
      hub.figures().endsReplay();
    }
  }

  private void keepsUp() {
    if (isSlow) {
      isSlow = false;
      hub.figures().isSlowNoMore();
    }
  }

  private Next.Gap told(Next.Gap gap) {
    hub.figures().told(gap.reason());
    return gap;
  }
}
