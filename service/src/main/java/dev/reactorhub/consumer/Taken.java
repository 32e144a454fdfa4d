package dev.reactorhub.consumer;

import dev.reactorhub.hub.Next;
import java.util.List;

/** What the ledger gives to a holder. */
sealed interface Taken<E> {
  /** Events, one or more. */
  record Events<E>(List<Delivery<E>> events) implements Taken<E> {}

  /** A hole that must be told before anything that follows it. */
  record Hole<E>(Next.Gap gap) implements Taken<E> {}

  /** Nothing at present. */
  record Nothing<E>() implements Taken<E> {}
}
