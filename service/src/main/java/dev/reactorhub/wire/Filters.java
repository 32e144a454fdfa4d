package dev.reactorhub.wire;

import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Position;
import dev.reactorhub.event.TypeRule;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Makes filters and positions from what clients sent, within the bounds of one session. */
public final class Filters {
  private Filters() {}

  /** A filter of these channels (none: the default channel) and types (none: every type). */
  public static EventFilter of(List<String> channels, List<String> types, WireLimits limits) {
    Set<ChannelPattern> patterns = patterns(channels);
    EventFilter filter =
        patterns.isEmpty() ? EventFilter.DEFAULT_CHANNEL : new EventFilter(patterns, TypeRule.ALL);
    Set<EventType> named = types(types);
    return checked(named.isEmpty() ? filter : filter.withTypes(new TypeRule.Only(named)), limits);
  }

  /** The patterns of these names. */
  public static Set<ChannelPattern> patterns(Collection<String> names) {
    Set<ChannelPattern> patterns = new LinkedHashSet<>();
    int index = 0;
    for (String name : names) {
      patterns.add(ProblemException.at("channels[" + index++ + "]", () -> Drafts.pattern(name)));
    }
    return patterns;
  }

  /** The types of these names. */
  public static Set<EventType> types(Collection<String> names) {
    Set<EventType> types = new LinkedHashSet<>();
    int index = 0;
    for (String name : names) {
      types.add(ProblemException.at("types[" + index++ + "]", () -> Drafts.type(name)));
    }
    return types;
  }

  /** The filter itself, when one session may have it. */
  public static EventFilter checked(EventFilter filter, WireLimits limits) {
    int channels = filter.channels().size();
    if (channels > limits.channelsMax()) {
      throw new ProblemException(
          Problem.of(
                  ErrorCode.TOO_MANY_CHANNELS,
                  String.format(
                      Locale.ROOT,
                      "a session may follow at most %d channels, this would be %d",
                      limits.channelsMax(),
                      channels),
                  limits.channelsMax())
              .at("channels"));
    }
    int types =
        switch (filter.types()) {
          case TypeRule.Only only -> only.types().size();
          case TypeRule.Except except -> except.types().size();
        };
    if (types > limits.typesMax()) {
      throw new ProblemException(
          Problem.of(
                  ErrorCode.TOO_MANY_TYPES,
                  String.format(
                      Locale.ROOT,
                      "a session may name at most %d types, this would be %d",
                      limits.typesMax(),
                      types),
                  limits.typesMax())
              .at("types"));
    }
    return filter;
  }

  /** The position a client sent. */
  public static Position position(String text) {
    return Position.parse(text).orElseThrow(Filters::invalidPosition);
  }

  /** What to answer when a position is none. */
  static ProblemException invalidPosition() {
    return new ProblemException(
        ErrorCode.INVALID_POSITION,
        "a position looks like k3x9.1042, an epoch and a number; this one does not");
  }

  /** What to answer when a position lies beyond the head. */
  public static ProblemException inFuture(Position head) {
    return new ProblemException(
        ErrorCode.POSITION_IN_FUTURE,
        "the position is beyond the newest event of this log, " + head);
  }
}
