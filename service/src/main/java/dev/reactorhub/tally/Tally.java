package dev.reactorhub.tally;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * One count for each constant of an enum, all from 0 up. Any thread; a reader may miss what is
 * added meanwhile.
 *
 * @param <E> what is told apart
 */
public final class Tally<E extends Enum<E>> {
  private final Map<E, LongAdder> counts;

  /** Starts with nothing counted. */
  public Tally(Class<E> kinds) {
    this.counts = new EnumMap<>(kinds);
    for (E kind : kinds.getEnumConstants()) {
      counts.put(kind, new LongAdder());
    }
  }

  /** Counts one of a kind. */
  public void add(E kind) {
    add(kind, 1);
  }

  /** Counts some of a kind. */
  public void add(E kind, long some) {
    of(kind).add(some);
  }

  /** How many of a kind were counted. */
  public long count(E kind) {
    return of(kind).sum();
  }

  private LongAdder of(E kind) {
    return Objects.requireNonNull(counts.get(kind));
  }
}
