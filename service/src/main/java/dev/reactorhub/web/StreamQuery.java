package dev.reactorhub.web;

import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.Position;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.hub.Start;
import dev.reactorhub.wire.Filters;
import dev.reactorhub.wire.WireLimits;
import io.helidon.common.uri.UriQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the query of a stream or of the history asks for: {@code channel(s)}, {@code type(s)}, each
 * repeated or with names between commas, and {@code after}.
 */
final class StreamQuery {
  private final UriQuery query;
  private final WireLimits limits;

  StreamQuery(UriQuery query, WireLimits limits) {
    this.query = query;
    this.limits = limits;
  }

  /**
   * The filter; without channels the default one, without types every type, {@code types=} none.
   */
  EventFilter filter() {
    List<String> types = names("type", "types");
    EventFilter filter = Filters.of(names("channel", "channels"), types, limits);
    boolean isNone = types.isEmpty() && (query.contains("type") || query.contains("types"));
    return isNone ? filter.withTypes(new TypeRule.Only(Set.of())) : filter;
  }

  /** The position to begin after, if one is named. */
  Optional<Position> after() {
    return text("after").map(Filters::position);
  }

  /** Where to begin: after the position, or now. */
  Start start() {
    return after().<Start>map(Start.After::new).orElseGet(Start.Latest::new);
  }

  /** A parameter that is present and not empty. */
  Optional<String> text(String name) {
    return query.contains(name)
        ? Optional.of(query.get(name)).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  private List<String> names(String singular, String plural) {
    List<String> names = new ArrayList<>();
    for (String parameter : List.of(singular, plural)) {
      if (query.contains(parameter)) {
        for (String value : query.all(parameter)) {
          for (String name : value.split(",", -1)) {
            if (!name.isEmpty()) {
              names.add(name);
            }
          }
        }
      }
    }
    return names;
  }
}
