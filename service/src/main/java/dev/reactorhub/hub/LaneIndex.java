package dev.reactorhub.hub;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.TypeRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lanes that an event belongs to, at a cost that does not depend on the lanes it does not
 * belong to: literal channels by hash, patterns by a trie over tokens, types by hash below each.
 * Guarded by the lock of {@link Dispatcher}.
 */
final class LaneIndex {
  private final Map<EventFilter, Lane> lanes = new HashMap<>();
  private final Map<Channel, TypedLanes> byChannel = new HashMap<>();
  private final PatternNode patterns = new PatternNode();

  int laneCount() {
    return lanes.size();
  }

  /** The lane of a filter, made when there is none; complete after the seq given then. */
  Lane laneOf(EventFilter filter, long dispatchedSeq) {
    Lane known = lanes.get(filter);
    if (known != null) {
      return known;
    }
    Lane made = new Lane(filter, dispatchedSeq);
    lanes.put(filter, made);
    for (ChannelPattern pattern : filter.channels()) {
      if (pattern.isLiteral()) {
        byChannel.computeIfAbsent(pattern.channel(), c -> new TypedLanes()).add(made);
      } else {
        patterns.node(tokens(pattern.value()), 0).lanesHere().add(made);
      }
    }
    return made;
  }

  /** Forgets a lane that nobody is left in. */
  void remove(Lane lane) {
    lanes.remove(lane.filter());
    for (ChannelPattern pattern : lane.filter().channels()) {
      if (pattern.isLiteral()) {
        TypedLanes typed = byChannel.get(pattern.channel());
        if (typed != null && typed.remove(lane)) {
          byChannel.remove(pattern.channel());
        }
      } else {
        patterns.remove(tokens(pattern.value()), 0, lane);
      }
    }
  }

  /** Hands over every lane of the event; one lane may be handed over more than once. */
  void forEachLaneOf(Event event, Consumer<Lane> action) {
    TypedLanes typed = byChannel.get(event.channel());
    if (typed != null) {
      typed.forEach(event.type(), action);
    }
    if (!patterns.isEmpty()) {
      patterns.forEach(tokens(event.channel().value()), 0, event.type(), action);
    }
  }

  private static String[] tokens(String value) {
    return value.split("\\.", -1);
  }

  /** Lanes that share a channel or pattern, told apart by type. */
  private static final class TypedLanes {
    private final Map<EventType, List<Lane>> only = new HashMap<>();
    private final List<Lane> except = new ArrayList<>();

    void add(Lane lane) {
      switch (lane.filter().types()) {
        case TypeRule.Only rule ->
            rule.types()
                .forEach(type -> only.computeIfAbsent(type, t -> new ArrayList<>()).add(lane));
        case TypeRule.Except rule -> except.add(lane);
      }
    }

    /** Returns true when no lane is left. */
    boolean remove(Lane lane) {
      except.remove(lane);
      only.values().forEach(list -> list.remove(lane));
      only.values().removeIf(List::isEmpty);
      return isEmpty();
    }

    boolean isEmpty() {
      return only.isEmpty() && except.isEmpty();
    }

    void forEach(EventType type, Consumer<Lane> action) {
      List<Lane> named = only.get(type);
      if (named != null) {
        named.forEach(action);
      }
      for (Lane lane : except) {
        if (lane.filter().types().allows(type)) {
          action.accept(lane);
        }
      }
    }
  }

  /** A token of the pattern trie. */
  private static final class PatternNode {
    private final Map<String, PatternNode> children = new HashMap<>();
    private @Nullable TypedLanes lanes;

    boolean isEmpty() {
      return children.isEmpty() && lanes == null;
    }

    TypedLanes lanesHere() {
      if (lanes == null) {
        lanes = new TypedLanes();
      }
      return lanes;
    }

    PatternNode node(String[] tokens, int depth) {
      if (depth == tokens.length) {
        return this;
      }
      return children
          .computeIfAbsent(tokens[depth], t -> new PatternNode())
          .node(tokens, depth + 1);
    }

    void remove(String[] tokens, int depth, Lane lane) {
      if (depth == tokens.length) {
        if (lanes != null && lanes.remove(lane)) {
          lanes = null;
        }
        return;
      }
      PatternNode child = children.get(tokens[depth]);
      if (child != null) {
        child.remove(tokens, depth + 1, lane);
        if (child.isEmpty()) {
          children.remove(tokens[depth]);
        }
      }
    }

    void forEach(String[] tokens, int depth, EventType type, Consumer<Lane> action) {
      if (depth == tokens.length) {
        visit(type, action);
        return;
      }
      PatternNode same = children.get(tokens[depth]);
      if (same != null) {
        same.forEach(tokens, depth + 1, type, action);
      }
      PatternNode any = children.get("*");
      if (any != null) {
        any.forEach(tokens, depth + 1, type, action);
      }
      PatternNode rest = children.get(">");
      if (rest != null) {
        rest.visit(type, action);
      }
    }

    private void visit(EventType type, Consumer<Lane> action) {
      if (lanes != null) {
        lanes.forEach(type, action);
      }
    }
  }
}
