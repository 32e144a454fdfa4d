package dev.reactorhub.consumer;

import dev.reactorhub.hub.Next;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holes that clients are still to be told of: each by everybody who is given events, until one who
 * was told acknowledges an event after it. The cursor does not pass them before. Guarded by the
 * ledger's owner.
 */
final class Holes<E> {
  private final List<Hole<E>> open = new ArrayList<>();

  /**
   * One of them.
   *
   * @param after the cursor stays here
   */
  private record Hole<E>(Next.Gap gap, long after, Set<Holder<E>> told) {}

  void add(Next.Gap gap) {
    boolean isOfThisLog = gap.from().epoch().equals(gap.to().epoch());
    open.add(
        new Hole<>(
            gap,
            isOfThisLog ? gap.from().seq() : gap.to().seq(),
            Collections.newSetFromMap(new IdentityHashMap<>())));
  }

  /** The first, if any. */
  Optional<Next.Gap> first() {
    return open.isEmpty() ? Optional.empty() : Optional.of(open.getFirst().gap());
  }

  /** As far as the cursor may go. */
  long floor(long wanted) {
    long floor = wanted;
    for (Hole<E> hole : open) {
      floor = Math.min(floor, hole.after());
    }
    return floor;
  }

  /** True when the holder must be told of one before it is given this seq. */
  boolean isUntold(Holder<E> holder, long before) {
    for (Hole<E> hole : open) {
      if (hole.after() < before && !hole.told().contains(holder)) {
        return true;
      }
    }
    return false;
  }

  /** One that the holder was not told of, and now is. */
  Optional<Next.Gap> tell(Holder<E> holder, long before) {
    for (Hole<E> hole : open) {
      if (hole.after() < before && hole.told().add(holder)) {
        holder.newestTold = Math.max(holder.newestTold, hole.gap().to().seq());
        return Optional.of(hole.gap());
      }
    }
    return Optional.empty();
  }

  /** Returns true when one is over. */
  boolean acknowledged(Holder<E> holder, long seq) {
    return open.removeIf(hole -> hole.gap().to().seq() < seq && hole.told().contains(holder));
  }

  void forget(Holder<E> holder) {
    open.forEach(hole -> hole.told().remove(holder));
  }
}
