package dev.reactorhub.event;

import java.util.Set;
import java.util.TreeSet;

/** Which event types a filter lets through. */
public sealed interface TypeRule {
  /** Every type. */
  TypeRule ALL = new Except(Set.of());

  /** True when events of this type pass. */
  boolean allows(EventType type);

  /** This rule, letting these types through as well; a rule for every type narrows to them. */
  TypeRule plus(Set<EventType> types);

  /** This rule without these types. */
  TypeRule minus(Set<EventType> types);

  /**
   * These types and no others.
   *
   * @param types may be empty: then nothing passes
   */
  record Only(Set<EventType> types) implements TypeRule {
    /** Copies the set. */
    public Only {
      types = Set.copyOf(types);
    }

    @Override
    public boolean allows(EventType type) {
      return types.contains(type);
    }

    @Override
    public TypeRule plus(Set<EventType> more) {
      Set<EventType> all = new TreeSet<>(types);
      all.addAll(more);
      return new Only(all);
    }

    @Override
    public TypeRule minus(Set<EventType> less) {
      Set<EventType> rest = new TreeSet<>(types);
      rest.removeAll(less);
      return new Only(rest);
    }
  }

  /**
   * Every type but these.
   *
   * @param types may be empty: then every type passes
   */
  record Except(Set<EventType> types) implements TypeRule {
    /** Copies the set. */
    public Except {
      types = Set.copyOf(types);
    }

    @Override
    public boolean allows(EventType type) {
      return !types.contains(type);
    }

    @Override
    public TypeRule plus(Set<EventType> more) {
      return new Only(more);
    }

    @Override
    public TypeRule minus(Set<EventType> less) {
      Set<EventType> all = new TreeSet<>(types);
      all.addAll(less);
      return new Except(all);
    }
  }
}
