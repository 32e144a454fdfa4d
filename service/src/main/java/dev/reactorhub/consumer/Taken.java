package dev.reactorhub.consumer;

import dev.reactorhub.hub.Next;
import java.util.List;

/** What the ledger gives to a holder. */
sealed interface Taken<E> {
  /** Events, one or more. */
  record Events<E>(List<Given<E>> events) implements Taken<E> {}

  /** A hole that must be told before anything that follows it. */
  record Hole<E>(Next.Gap gap) implements Taken<E> {}

  /** Nothing at present. */
  record Nothing<E>() implements Taken<E> {}

  /**
   * One event.
   *
   * @param attempt 1, and one more for each delivery of it that failed
   */
  record Given<E>(E event, long seq, int attempt) {}
}
