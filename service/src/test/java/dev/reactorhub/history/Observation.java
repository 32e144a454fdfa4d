package dev.reactorhub.history;

import dev.reactorhub.event.Position;

/** One thing a subscriber was told. */
sealed interface Observation {
  record Delivered(Position position, Content content) implements Observation {}

  /** Everything that matches up to here was delivered. */
  record Moved(Position position) implements Observation {}

  /** Events between the two cannot be delivered. */
  record Gap(Position from, Position to) implements Observation {}
}
