package dev.reactorhub.consumer;

import static java.util.Objects.requireNonNull;

import dev.reactorhub.consumer.Definition.Mode;
import dev.reactorhub.consumer.Entry.State;
import dev.reactorhub.consumer.LedgerState.Failure;
import dev.reactorhub.consumer.LedgerState.Stretch;
import dev.reactorhub.hub.Next;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who has which event of one consumer, and what is given to whom next. It keeps, at any time:
 *
 * <ul>
 *   <li>an event that is done is not given again;
 *   <li>while an event waits or is with one holder, nothing behind it in its lane is given to
 *       another, and nothing at all while an event before it waits;
 *   <li>nobody holds more than its credit, but for a single event that is larger.
 * </ul>
 *
 * Knows no clock, no thread and no log: times are nanoseconds of the caller's monotonic clock. One
 * thread at a time.
 *
 * @param <E> what an event is to whoever gives it out
 */
final class Ledger<E> {
  static final String NOT_IN_TIME = "was not acknowledged in time";
  static final String STREAM_BROKE = "its client's stream broke";

  private static final int GIVEN_MAX = 512;

  private final Bounds bounds;
  private final boolean isExclusive;
  private final RestoredState restored;

  private final Window<E> window = new Window<>();
  private final Lanes<E> lanes = new Lanes<>();
  private final ArrayDeque<Entry<E>> toPark = new ArrayDeque<>();
  private final Holes<E> holes = new Holes<>();

  /** In the order in which they may become active. */
  private final List<Holder<E>> holders = new ArrayList<>();

  private long readThrough;
  private long heldBytes;
  private long failedDeliveries;

  /**
   * What it obeys.
   *
   * @param attemptsMax an event is parked with so many failures
   * @param windowMax events from the cursor to the newest read
   * @param readAheadBytes of events that wait: with so many no more is read; twice as many may be
   *     held, as more than one is read at a time
   */
  record Bounds(Mode mode, int attemptsMax, int windowMax, long readAheadBytes) {}

  /** Goes on where another left off. */
  Ledger(Bounds bounds, LedgerState state) {
    this.bounds = bounds;
    this.isExclusive = bounds.mode() == Mode.EXCLUSIVE;
    this.restored = new RestoredState(state);
    this.readThrough = state.floor();
  }

  /** Every matching event up to here was added. */
  long readThrough() {
    return readThrough;
  }

  /** Nothing matches up to here but what was added. */
  void readThrough(long seq) {
    readThrough = Math.max(readThrough, seq);
  }

  /**
   * Adds a matching event.
   *
   * @param seq beyond everything added
   * @param key of what must be dealt with in order; of no meaning when exclusive
   */
  void add(long seq, String key, int bytes, E event) {
    readThrough = seq;
    Lane<E> lane = lanes.of(isExclusive ? "" : key);
    Entry<E> entry = new Entry<>(seq, lane, bytes, event);
    if (restored.isDone(seq)) {
      entry.state = State.DONE;
      entry.event = null;
    } else {
      lane.add(entry);
      heldBytes += bytes;
      restored.failure(seq).ifPresent(failure -> restore(entry, failure));
    }
    window.add(entry);
    if (entry.state == State.DONE) {
      popDone();
    }
    if (lane.next() == entry || lane.isEmpty()) {
      lanes.relist(lane);
    }
    boolean isNext = lane.isListed(seq);
    if (!isNext && heldBytes > 2 * bounds.readAheadBytes()) {
      // It is not its turn yet: it is read again when it is.
      release(entry);
    }
  }

  private void restore(Entry<E> entry, Failure failure) {
    entry.failures = failure.count();
    entry.error = failure.error();
    parkAfterTooMany(entry);
  }

  /** Returns false when it may fail again. */
  private boolean parkAfterTooMany(Entry<E> entry) {
    if (entry.failures < bounds.attemptsMax()) {
      return false;
    }
    entry.state = State.PARKING;
    toPark.add(entry);
    return true;
  }

  /** Events are missing after what was added. */
  void addHole(Next.Gap gap) {
    holes.add(gap);
    readThrough(gap.to().seq());
  }

  /** Whether another event would be of use. */
  boolean wantsMore() {
    if (window.size() >= bounds.windowMax()) {
      return false;
    }
    for (Holder<E> holder : holders) {
      if (holder.hasCredit()
          && (heldBytes < bounds.readAheadBytes() || lanes.next(holder) == null)) {
        return true;
      }
    }
    return false;
  }

  /** The seq of an event that must be read again before it can be given; 0: none. */
  long wantedAgain() {
    return holders.stream().anyMatch(Holder::hasCredit) ? lanes.firstToRead() : 0;
  }

  /** An event was read again. */
  void fill(long seq, E event) {
    Entry<E> entry = window.get(seq);
    if (entry != null && entry.state == State.WAITING && entry.event == null) {
      entry.event = event;
      heldBytes += entry.bytes;
      lanes.relist(entry.lane);
    }
  }

  /** An event that was to be read again is not in the log any more. */
  void isGone(long seq, Next.Gap gap) {
    Entry<E> entry = window.get(seq);
    if (entry != null) {
      holes.add(gap);
      done(entry);
    }
  }

  /** Lets go of events that wait: they are read again. */
  void releaseEvents() {
    for (Entry<E> entry : window.all()) {
      release(entry);
    }
  }

  private void release(Entry<E> entry) {
    if (entry.event != null) {
      entry.event = null;
      heldBytes -= entry.bytes;
      lanes.relist(entry.lane);
    }
  }

  /** Takes a holder in; it may have nothing yet. */
  Holder<E> open(long ackDeadlineNanos) {
    Holder<E> holder = new Holder<>(ackDeadlineNanos);
    holder.isActive = !isExclusive || holders.isEmpty();
    holder.newestTold = floor();
    holders.add(holder);
    return holder;
  }

  /**
   * Lets a holder go; what it holds waits again.
   *
   * @param isFailure counts as a failure of the oldest in each lane
   */
  void close(Holder<E> holder, boolean isFailure, long nowNanos) {
    if (!holders.remove(holder)) {
      return;
    }
    if (isFailure) {
      for (Lane<E> lane : lanesOf(holder)) {
        fail(lane.firstOutstanding(), STREAM_BROKE, nowNanos, nowNanos);
      }
    } else {
      takeBackAll(holder);
    }
    holes.forget(holder);
    if (isExclusive && holder.isActive && !holders.isEmpty()) {
      holders.getFirst().isActive = true;
    }
    holder.isActive = false;
  }

  private List<Lane<E>> lanesOf(Holder<E> holder) {
    return held(holder, Long.MAX_VALUE).stream()
        .map(entry -> entry.lane)
        .distinct()
        .sorted(Comparator.comparing(lane -> lane.key))
        .toList();
  }

  private void takeBackAll(Holder<E> holder) {
    for (Lane<E> lane : lanesOf(holder)) {
      takeBack(lane.firstOutstanding());
    }
  }

  /**
   * What the holder is given now.
   *
   * @param bytesMax stop adding events beyond this many bytes; the first is always added
   */
  Taken<E> take(Holder<E> holder, long nowNanos, int bytesMax) {
    List<Delivery<E>> given = new ArrayList<>();
    long bytes = 0;
    while (holder.hasCredit() && given.size() < GIVEN_MAX) {
      Lane<E> lane = lanes.next(holder);
      if (lane == null) {
        break;
      }
      Entry<E> next = lane.listedNext();
      boolean isFull = !given.isEmpty() && bytes + next.bytes > bytesMax;
      if (isFull || !holder.hasCreditFor(next.bytes) || holes.isUntold(holder, next.seq)) {
        break;
      }
      bytes += next.bytes;
      given.add(give(next, holder, nowNanos));
    }
    if (!given.isEmpty()) {
      return new Taken.Events<>(given);
    }
    Lane<E> next = lanes.next(holder);
    Optional<Next.Gap> hole =
        holder.isActive
            ? holes.tell(holder, next == null ? Long.MAX_VALUE : next.listedSeq())
            : Optional.empty();
    return hole.isPresent() ? new Taken.Hole<>(hole.get()) : new Taken.Nothing<>();
  }

  /** Whether {@link #take} would give it anything. */
  boolean hasSomethingFor(Holder<E> holder) {
    Lane<E> next = lanes.next(holder);
    if (next == null) {
      return holder.isActive && holes.isUntold(holder, Long.MAX_VALUE);
    }
    return holes.isUntold(holder, next.listedSeq())
        || (holder.hasCredit() && holder.hasCreditFor(next.listedNext().bytes));
  }

  private Delivery<E> give(Entry<E> entry, Holder<E> holder, long nowNanos) {
    E event = requireNonNull(entry.event, "a listed event was read");
    entry.event = null;
    heldBytes -= entry.bytes;
    entry.state = State.OUTSTANDING;
    entry.wasGiven = true;
    entry.coveredFrom = Math.max(entry.seq, holder.newestTold + 1);
    holder.add(entry, nowNanos + holder.ackDeadlineNanos);
    holder.newestTold = Math.max(holder.newestTold, entry.seq);
    Lane<E> lane = entry.lane;
    lane.give();
    lane.owner = holder;
    lanes.relist(lane);
    return new Delivery<>(event, entry.seq, entry.failures + 1);
  }

  /** Whether the holder may speak of this seq. */
  boolean isTold(Holder<E> holder, long seq) {
    return seq >= 1 && seq <= holder.newestTold;
  }

  /**
   * Events were dealt with.
   *
   * @param seqs told to the holder
   * @return how many of them were not done before
   */
  int acknowledge(Holder<E> holder, Collection<Long> seqs) {
    int count = 0;
    for (long seq : seqs) {
      Entry<E> entry = window.get(seq);
      if (entry != null && entry.wasGiven) {
        done(entry);
        count++;
      }
      endHoles(holder, seq);
    }
    return count;
  }

  /** What a holder has up to a seq, in log order. */
  List<Entry<E>> held(Holder<E> holder, long through) {
    return window.heldBy(holder, through);
  }

  /** What the holder holds up to a seq, and may have seen when it said so, was dealt with. */
  int acknowledgeThrough(Holder<E> holder, long seq) {
    Entry<E> last = window.get(seq);
    int count = 0;
    Entry<E> newest = null;
    for (Entry<E> entry : held(holder, seq)) {
      if (isExclusive || entry.isCoveredBy(seq, last)) {
        if (newest != null && newest.lane != entry.lane) {
          lanes.relist(newest.lane);
        }
        remove(entry);
        count++;
        newest = entry;
      }
    }
    if (newest != null) {
      lanes.relist(newest.lane);
      popDone();
      endHoles(holder, newest.seq);
    }
    return count;
  }

  /** The holder, which acknowledged an event, knows of the holes before it. */
  private void endHoles(Holder<E> holder, long before) {
    if (holes.acknowledged(holder, before)) {
      popDone();
    }
  }

  /** Events could not be dealt with; those that are not with this holder are passed over. */
  void reject(Holder<E> holder, Collection<Long> seqs, String error, Times times) {
    // From the last on: a failure takes back what is behind it, which must have counted before.
    for (long seq : seqs.stream().distinct().sorted(Comparator.reverseOrder()).toList()) {
      Entry<E> entry = window.get(seq);
      if (entry != null && entry.holder == holder) {
        fail(entry, error, times.nowNanos(), times.untilNanos());
      }
    }
  }

  /** Events take longer; those that are not with this holder are passed over. */
  void extend(Holder<E> holder, Collection<Long> seqs, long deadlineNanos) {
    if (seqs.isEmpty()) {
      held(holder, Long.MAX_VALUE).forEach(entry -> holder.setDeadline(entry, deadlineNanos));
    }
    for (long seq : seqs) {
      Entry<E> entry = window.get(seq);
      if (entry != null && entry.holder == holder) {
        holder.setDeadline(entry, deadlineNanos);
      }
    }
  }

  /** Now, and when something is to be. */
  record Times(long nowNanos, long untilNanos) {}

  /**
   * Takes back what was not dealt with in time, and ends delays. An active one that was too late
   * makes way for the next.
   *
   * @return false when nothing changed
   */
  boolean expire(long nowNanos) {
    boolean isChanged = false;
    for (Holder<E> holder : List.copyOf(holders)) {
      List<Entry<E>> overdue = window.overdue(holder, nowNanos);
      for (Entry<E> entry : overdue) {
        if (entry.holder == holder) { // It may have been taken back with one before it.
          fail(entry, NOT_IN_TIME, nowNanos, nowNanos);
        }
      }
      boolean wasLate = !overdue.isEmpty();
      isChanged |= wasLate;
      if (wasLate && isExclusive && holders.size() > 1) {
        takeBackAll(holder);
        holder.isActive = false;
        holders.remove(holder);
        holders.add(holder);
        holders.getFirst().isActive = true;
      }
    }
    return lanes.endDelays(nowNanos) || isChanged;
  }

  /** The next event that failed too often, each once; null: none. */
  @Nullable Entry<E> pollToPark() {
    Entry<E> next = toPark.poll();
    while (next != null && next.state != State.PARKING) {
      next = toPark.poll(); // It was acknowledged after all.
    }
    return next;
  }

  /** An event of {@link #pollToPark} could not be published: it is to be tried again. */
  void parkAgain(Entry<E> entry) {
    toPark.add(entry);
  }

  /**
   * An event is among the dead letters.
   *
   * @return false when it was acknowledged meanwhile
   */
  boolean parked(Entry<E> entry) {
    boolean isParking = entry.state == State.PARKING;
    if (isParking) {
      done(entry);
    }
    return isParking;
  }

  private void fail(Entry<E> entry, String error, long nowNanos, long untilNanos) {
    Lane<E> lane = entry.lane;
    takeBack(entry);
    window.failed(entry, error);
    if (!parkAfterTooMany(entry)) {
      failedDeliveries++;
      if (untilNanos > nowNanos) {
        lanes.delay(lane, untilNanos);
      }
    }
    lanes.relist(lane);
  }

  /** What is outstanding in a lane from an event on waits again. */
  private void takeBack(Entry<E> first) {
    for (Entry<E> entry = first;
        entry != null && entry.state == State.OUTSTANDING;
        entry = entry.following) {
      entry.requireHolder().remove(entry);
      entry.state = State.WAITING;
    }
    first.lane.takeBack(first);
    lanes.relist(first.lane);
  }

  private void done(Entry<E> entry) {
    remove(entry);
    popDone();
    lanes.relist(entry.lane);
  }

  /** It is done; its lane is still to be listed anew, and the window to be looked through. */
  private void remove(Entry<E> entry) {
    Lane<E> lane = entry.lane;
    if (entry.state == State.OUTSTANDING) {
      entry.requireHolder().remove(entry);
    } else {
      release(entry);
      if (lane.isDelayed && lane.next() == entry) {
        lanes.undelay(lane);
      }
    }
    lane.remove(entry);
    window.done(entry);
  }

  /** Forgets what is done up to the cursor; behind a hole that holds it, that must be known. */
  private void popDone() {
    window.popDone(holes.floor(Long.MAX_VALUE));
  }

  /** The cursor: every matching event up to here is done, and every hole was told. */
  long floor() {
    return holes.floor(window.floor(readThrough));
  }

  /** The first hole that is still to be told. */
  Optional<Next.Gap> firstHole() {
    return holes.first();
  }

  /** What was added and is not done. */
  int open() {
    return window.open();
  }

  /** What failed and waits. */
  int retrying() {
    return window.retrying();
  }

  /** Events out with all holders. */
  int outstanding() {
    return holders.stream().mapToInt(holder -> holder.outstanding).sum();
  }

  /** Failed deliveries, but for those that were an event's last. */
  long failedDeliveries() {
    return failedDeliveries;
  }

  /** What another ledger needs to go on. */
  LedgerState state() {
    long floor = floor();
    List<Stretch> done = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    window.describe(done, failures);
    restored.addBeyond(readThrough, done, failures);
    return new LedgerState(floor, done, failures);
  }
}
