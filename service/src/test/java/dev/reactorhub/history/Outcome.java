package dev.reactorhub.history;

import dev.reactorhub.event.Position;

/** What a publisher knows of an event it handed in. */
public sealed interface Outcome {
  /** There was no answer. */
  String BROKEN = "broken";

  /** Durable, at this position; a duplicate has the position that the id was given first. */
  record Acknowledged(Position position, boolean isDuplicate) implements Outcome {}

  /** The hub said that it is not stored. */
  record Refused(String code) implements Outcome {}

  /**
   * The connection broke before an answer, or the answer says that nobody knows.
   *
   * @param reason the code of the answer, or {@link #BROKEN}
   */
  record Unknown(String reason) implements Outcome {}
}
