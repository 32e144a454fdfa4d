package dev.reactorhub.consumer;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All lanes of a consumer, each listed where what comes next in it is looked for. Guarded by the
 * ledger's owner.
 */
final class Lanes<E> {
  private final Map<String, Lane<E>> byKey = new HashMap<>();

  /** Those of nobody, by the seq of what comes next. */
  private final NavigableSet<Lane<E>> free = Lane.index();

  /** Those whose next event is to be read again, by its seq. */
  private final NavigableSet<Lane<E>> toRead = Lane.index();

  private final TreeSet<Lane<E>> delayed =
      new TreeSet<>(
          Comparator.<Lane<E>>comparingLong(lane -> lane.notBeforeNanos)
              .thenComparing(lane -> lane.key));

  Lane<E> of(String key) {
    return byKey.computeIfAbsent(key, Lane::new);
  }

  /** The lane with the earliest event that the holder may be given; null: none. */
  @Nullable Lane<E> next(Holder<E> holder) {
    Lane<E> own = first(holder.own);
    Lane<E> anybodys = holder.isActive ? first(free) : null;
    if (own == null || (anybodys != null && anybodys.listedSeq() < own.listedSeq())) {
      return anybodys;
    }
    return own;
  }

  private static <E> @Nullable Lane<E> first(NavigableSet<Lane<E>> index) {
    return index.isEmpty() ? null : index.first();
  }

  /** The seq of an event that must be read again before it can be given; 0: none. */
  long firstToRead() {
    return toRead.isEmpty() ? 0 : toRead.first().listedSeq();
  }

  /** Gives out nothing of a lane before a time. */
  void delay(Lane<E> lane, long untilNanos) {
    delayed.remove(lane);
    lane.notBeforeNanos = lane.isDelayed ? Math.max(lane.notBeforeNanos, untilNanos) : untilNanos;
    lane.isDelayed = true;
    delayed.add(lane);
  }

  void undelay(Lane<E> lane) {
    delayed.remove(lane);
    lane.isDelayed = false;
    relist(lane);
  }

  /** Returns true when a delay was over. */
  boolean endDelays(long nowNanos) {
    boolean isOver = false;
    while (!delayed.isEmpty() && delayed.first().notBeforeNanos <= nowNanos) {
      undelay(delayed.first());
      isOver = true;
    }
    return isOver;
  }

  /** Lists a lane where it belongs, after any change of it. */
  void relist(Lane<E> lane) {
    if (!lane.hasOutstanding()) {
      lane.owner = null;
    }
    if (lane.isEmpty()) {
      delayed.remove(lane);
      lane.isDelayed = false;
      byKey.remove(lane.key);
    }
    Entry<E> next = lane.next();
    if (next == null || lane.isDelayed || next.state == Entry.State.PARKING) {
      lane.list(null, 0);
    } else if (next.event == null) {
      lane.list(toRead, next.seq);
    } else {
      lane.list(lane.owner == null ? free : lane.owner.own, next.seq);
    }
  }
}
