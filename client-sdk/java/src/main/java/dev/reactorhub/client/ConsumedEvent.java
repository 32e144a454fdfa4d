package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

/**
 * An event given to a consumer.
 *
 * @param event the event
 * @param attempt 1, and one more for each time that it was given out and not dealt with; the last
 *     one allowed is {@link ConsumerSpec.Builder#attemptsMax}
 */
public record ConsumedEvent(Event event, int attempt) {
  /** Checks the attempt. */
  public ConsumedEvent {
    requireNonNull(event, "event");
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt is " + attempt + ": must be at least 1");
    }
  }
}
