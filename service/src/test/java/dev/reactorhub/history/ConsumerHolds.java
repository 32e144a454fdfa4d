package dev.reactorhub.history;

import dev.reactorhub.history.ConsumptionChecker.Now;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;

/** Finds an event with two clients at a time. Holds are kept while they are beyond doubt. */
final class ConsumerHolds {
  private final Consumption.Definition definition;
  private final long deadlineNanos;
  private final List<String> violations;
  private final Map<Long, Hold> sure = new HashMap<>();
  private final Map<Integer, Lanes> lanesOf = new HashMap<>();

  /** An event and what it is kept in order with. */
  record Event(long seq, String lane) {}

  private record Hold(ConsumerStreamSeen stream, Event event, Now seen, long untilNanos) {}

  /** What one stream may have been relieved of. */
  private static final class Lanes {
    final ArrayDeque<Hold> byDeadline = new ArrayDeque<>();
    final Map<String, Integer> releasedAt = new HashMap<>();

    /** What may run out, or have run out, at any time. */
    final Map<String, Set<Long>> overdue = new HashMap<>();

    /** Where something of the lane may have been taken back last. */
    int releasedAt(String lane) {
      boolean isOpen = !overdue.getOrDefault(lane, Set.of()).isEmpty();
      return isOpen ? Integer.MAX_VALUE : releasedAt.getOrDefault(lane, -1);
    }
  }

  ConsumerHolds(Consumption.Definition definition, List<String> violations) {
    this.definition = definition;
    this.deadlineNanos = definition.limits().ackDeadline().toNanos();
    this.violations = violations;
  }

  void opened(ConsumerStreamSeen stream) {
    lanesOf.put(stream.number, new Lanes());
  }

  /** The event may have been taken back from a stream, and what comes after it in its lane. */
  void released(ConsumerStreamSeen stream, String lane, long fromSeq, Now now) {
    lanes(stream).releasedAt.put(lane, now.index());
    sure.values()
        .removeIf(
            hold ->
                hold.stream() == stream
                    && hold.event().lane().equals(lane)
                    && (definition.isExclusive() || hold.event().seq() >= fromSeq));
  }

  void acknowledged(long seq) {
    sure.remove(seq);
  }

  /** Until when an event is with a stream beyond doubt, unless somebody deals with it. */
  OptionalLong surelyUntil(ConsumerStreamSeen stream, long seq) {
    Hold hold = sure.get(seq);
    boolean isThere = hold != null && hold.stream() == stream;
    // Whatever of its lane runs out first takes it back.
    return isThere
        ? lanes(stream).byDeadline.stream().mapToLong(Hold::untilNanos).min()
        : OptionalLong.empty();
  }

  /** It cannot run out any more. */
  void confirmed(ConsumerStreamSeen stream, long seq, Now now) {
    Lanes lanes = lanes(stream);
    lanes.overdue.forEach(
        (lane, seqs) -> {
          if (seqs.remove(seq)) {
            lanes.releasedAt.put(lane, now.index());
          }
        });
  }

  void left(ConsumerStreamSeen stream) {
    sure.values().removeIf(hold -> hold.stream() == stream);
    lanesOf.remove(stream.number);
  }

  void clear() {
    sure.clear();
    lanesOf.clear();
  }

  /** Whether a stream has an event, and no deadline of it is near. */
  boolean isSurelyWith(ConsumerStreamSeen stream, long seq, Now now, LongPredicate isConfirmed) {
    Hold hold = sure.get(seq);
    long soonNanos = now.nanos() + deadlineNanos / 4;
    return hold != null
        && hold.stream() == stream
        && lanes(stream).byDeadline.stream()
            .takeWhile(each -> each.untilNanos() < soonNanos)
            .allMatch(each -> isConfirmed.test(each.event().seq()));
  }

  /** Deadlines that may have passed by now end what is sure. */
  void expire(Now now, LongPredicate isConfirmed) {
    for (Lanes lanes : new ArrayList<>(lanesOf.values())) {
      while (!lanes.byDeadline.isEmpty()
          && lanes.byDeadline.getFirst().untilNanos() <= now.nanos()) {
        Hold hold = lanes.byDeadline.removeFirst();
        Event event = hold.event();
        if (!isConfirmed.test(event.seq())) {
          lanes.overdue.computeIfAbsent(event.lane(), _ -> new HashSet<>()).add(event.seq());
          released(hold.stream(), event.lane(), event.seq(), now);
        }
      }
    }
  }

  void given(ConsumerStreamSeen to, Event event, Now now) {
    Hold other = sure.get(event.seq());
    Now fence = to.fence();
    Lanes lanes = lanes(to);
    lanes.overdue.getOrDefault(event.lane(), new HashSet<>()).remove(event.seq());
    int releasedAt = to.isReleased ? Integer.MAX_VALUE : lanes.releasedAt(event.lane());
    if (other != null && other.stream() != to) {
      // It may have been given out before the other was given it, and be late.
      boolean mayBeLate =
          fence.index() < other.seen().index()
              && (releasedAt > fence.index()
                  || other.seen().nanos() - fence.nanos() >= deadlineNanos);
      if (mayBeLate) {
        return;
      }
      violations.add(
          definition.name()
              + ": "
              + event.seq()
              + " was given to stream "
              + to.number
              + " while stream "
              + other.stream().number
              + " had it");
    }
    sure.remove(event.seq());
    long untilNanos = fence.nanos() + deadlineNanos;
    if (releasedAt <= fence.index() && now.nanos() < untilNanos) {
      Hold hold = new Hold(to, event, now, untilNanos);
      sure.put(event.seq(), hold);
      lanes.byDeadline.add(hold);
    }
  }

  private Lanes lanes(ConsumerStreamSeen stream) {
    return lanesOf.computeIfAbsent(stream.number, _ -> new Lanes());
  }
}
