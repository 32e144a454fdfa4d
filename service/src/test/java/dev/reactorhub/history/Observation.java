package dev.reactorhub.history;

import dev.reactorhub.event.Position;

/** One thing a subscriber was told. */
public sealed interface Observation {
  /** An event came; the same object may stand for what many were told. */
  record Delivered(Position position, Content content) implements Observation {}

  /** Everything that matches up to here was delivered. */
  record Moved(Position position) implements Observation {}

  /** Events between the two cannot be delivered. */
  record Gap(Position from, Position to) implements Observation {}
}
