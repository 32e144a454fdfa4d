package dev.reactorhub.hub;

import dev.reactorhub.event.Position;
import java.time.Instant;

/** Where a subscription begins. */
public sealed interface Start {
  /** With the next event stored. */
  record Latest() implements Start {}

  /** With the oldest event kept. */
  record Earliest() implements Start {}

  /** With the event after this position. */
  record After(Position position) implements Start {}

  /** With the first event stored at or after this time, by the hub's clock. */
  record Since(Instant time) implements Start {}
}
