package dev.reactorhub.hub;

import dev.reactorhub.event.EventFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The live events of one filter, shared by all subscriptions with that filter: the places of
 * matching events, not the events. So an event costs one entry per filter it matches, however many
 * subscribe, and nothing for filters it does not match.
 *
 * <p>All state is guarded by this lane's monitor, held for a few loads and stores only. Joining and
 * leaving also happen under the lock of {@link LaneIndex}.
 */
final class Lane {
  private static final int PLACES_MIN = 4;
  private static final long[] NONE = {};

  /** Older places are forgotten; a subscription that needs them reads the window or the log. */
  static final int PLACES_MAX = 8192;

  private final EventFilter filter;

  /** Those that are woken one by one. */
  private final Seats seats = new Seats();

  /** Those that are served together. */
  private final List<Cohort> cohorts = new ArrayList<>(1);

  /** A ring: places {@code [from, to)} are held at index modulo the length (a power of two). */
  private long[] places = new long[PLACES_MIN];

  private long from;

  /** Also read without the monitor, to see whether anything was added. */
  private volatile long to;

  /** Every matching event after this seq that was dispatched is in {@code places}. */
  private long completeAfter;

  Lane(EventFilter filter, long dispatchedSeq) {
    this.filter = filter;
    this.completeAfter = dispatchedSeq;
  }

  EventFilter filter() {
    return filter;
  }

  synchronized void add(long seq) {
    if (to > from && places[(int) (to - 1) & (places.length - 1)] == seq) {
      return; // A filter with several patterns may match one event more than once.
    }
    if (to - from == places.length) {
      if (places.length < PLACES_MAX) {
        grow();
      } else {
        completeAfter = places[(int) from & (places.length - 1)];
        from++;
      }
    }
    places[(int) to & (places.length - 1)] = seq;
    to++;
  }

  /** Grows with every place added. */
  long end() {
    return to;
  }

  /** True when every matching event after this seq can be taken from here. */
  synchronized boolean covers(long afterSeq) {
    return afterSeq >= completeAfter;
  }

  /**
   * The places after a seq, oldest first, at most so many; null when the lane does not reach back
   * that far.
   */
  synchronized long @Nullable [] after(long seq, int placesMax) {
    if (seq < completeAfter) {
      return null;
    }
    long first = firstAfter(seq);
    int count = (int) Math.min(to - first, placesMax);
    if (count == 0) {
      return NONE;
    }
    long[] found = new long[count];
    for (int i = 0; i < count; i++) {
      found[i] = places[(int) (first + i) & (places.length - 1)];
    }
    return found;
  }

  synchronized void join(Subscription subscription) {
    Cohort.Server server = subscription.server();
    if (server == null) {
      seats.add(subscription);
      return;
    }
    Cohort cohort = cohortOf(server);
    if (cohort == null) {
      cohort = new Cohort(server);
      cohorts.add(cohort);
    }
    cohort.join(subscription);
  }

  /** Returns true when nobody is left. */
  synchronized boolean leave(Subscription subscription) {
    Cohort cohort = cohortOf(subscription.server());
    if (cohort == null) {
      seats.remove(subscription);
    } else if (cohort.leave(subscription)) {
      cohorts.remove(cohort);
    }
    return seats.isEmpty() && cohorts.isEmpty();
  }

  /** Adds how to wake everybody who waits for an event. */
  synchronized void collectWakeUps(List<Runnable> wakeUps) {
    for (Subscription subscription : seats.all()) {
      if (subscription.disarm()) {
        wakeUps.add(subscription::wake);
      }
    }
    for (Cohort cohort : cohorts) {
      wakeUps.add(cohort::announce);
    }
  }

  private @Nullable Cohort cohortOf(Cohort.@Nullable Server server) {
    for (Cohort cohort : cohorts) {
      if (cohort.isServedBy(server)) {
        return cohort;
      }
    }
    return null;
  }

  private long firstAfter(long seq) {
    long low = from;
    long high = to;
    if (high > low && places[(int) (high - 1) & (places.length - 1)] <= seq) {
      return high; // Who keeps up asks for nothing older.
    }
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (places[(int) middle & (places.length - 1)] <= seq) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void grow() {
    long[] larger = new long[places.length * 2];
    for (long i = from; i < to; i++) {
      larger[(int) i & (larger.length - 1)] = places[(int) i & (places.length - 1)];
    }
    places = larger;
  }
}
