package dev.reactorhub.hub;

import dev.reactorhub.event.EventFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a subscription was given under its earlier filters, so that going back in the log for newly
 * wanted events repeats none, and changing a filter adds none from before the change. Guarded by
 * the lock of its {@link Subscription}.
 */
final class DeliveredHistory {
  /** More changes than these are forgotten; one cannot go back beyond a forgotten one. */
  static final int STRETCHES_MAX = 32;

  /** Events in {@code (from, to]} that match all the filters were delivered. */
  private record Stretch(long from, long to, List<EventFilter> filters) {
    boolean holds(EncodedEvent event) {
      long seq = event.seq();
      return seq > from && seq <= to && filters.stream().allMatch(event::passes);
    }
  }

  private final Deque<Stretch> stretches = new ArrayDeque<>();
  private final List<Stretch> repeated = new ArrayList<>();
  private final List<Stretch> unasked = new ArrayList<>();
  private long forgottenThrough;

  /** Notes that the events of a filter in {@code (from, to]} were delivered. */
  void delivered(long from, long to, List<EventFilter> filters) {
    if (to <= from) {
      return;
    }
    if (stretches.size() == STRETCHES_MAX) {
      forgottenThrough = Math.max(forgottenThrough, stretches.removeFirst().to());
    }
    stretches.addLast(new Stretch(from, to, filters));
  }

  /** True when everything delivered after this seq is remembered. */
  boolean reachesBackTo(long seq) {
    return seq >= forgottenThrough;
  }

  /** From now on, until past them, leaves out what was delivered after this seq. */
  void goBackTo(long seq) {
    repeated.clear();
    unasked.clear();
    stretches.stream().filter(s -> s.to() > seq).forEach(repeated::add);
  }

  /** Leaves out events in {@code (from, to]} that the earlier filter did not want. */
  void keepOnly(long from, long to, EventFilter earlier) {
    unasked.add(new Stretch(from, to, List.of(earlier)));
  }

  /** True when the event must be left out. */
  boolean excludes(EncodedEvent event) {
    long seq = event.seq();
    for (Stretch stretch : repeated) {
      if (stretch.holds(event)) {
        return true;
      }
    }
    for (Stretch stretch : unasked) {
      if (seq > stretch.from() && seq <= stretch.to() && !stretch.holds(event)) {
        return true;
      }
    }
    return false;
  }

  /** True when nothing after this seq is left out any more. */
  boolean isPast(long seq) {
    repeated.removeIf(stretch -> stretch.to() <= seq);
    unasked.removeIf(stretch -> stretch.to() <= seq);
    return repeated.isEmpty() && unasked.isEmpty();
  }
}
