package dev.reactorhub.consumer;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ConsumerName;
import dev.reactorhub.event.EventFilter;
import java.util.Optional;

/**
 * What a consumer is, for as long as it exists.
 *
 * @param filter which events it wants; those on its own dead letter channel are never among them
 * @param mode how its clients share them
 * @param attemptsMax so many deliveries of one event may fail, 1 or more
 * @param deadLetters where events are published that failed so often
 */
public record Definition(EventFilter filter, Mode mode, int attemptsMax, Channel deadLetters) {
  private static final String DEAD_LETTERS_PREFIX = "dead-letter.";

  /** Validates the bound. */
  public Definition {
    if (attemptsMax < 1) {
      throw new IllegalArgumentException(
          "attempts are " + attemptsMax + " at most: must be 1 or more");
    }
  }

  /** How the clients of one name share the events. */
  public enum Mode {
    /** All work at the same time; order is kept within each channel. */
    SHARED,
    /** One is given every event, in log order; the others stand by. */
    EXCLUSIVE
  }

  /** The channel of the dead letters of a consumer that names none. */
  public static Channel deadLettersOf(ConsumerName name) {
    return new Channel(DEAD_LETTERS_PREFIX + name);
  }

  /** What another says differently, for people; empty when both are the same. */
  Optional<String> difference(Definition other) {
    if (!filter.equals(other.filter)) {
      return Optional.of("another filter");
    }
    if (mode != other.mode) {
      return Optional.of("another mode");
    }
    if (attemptsMax != other.attemptsMax) {
      return Optional.of("attempts_max " + attemptsMax);
    }
    if (!deadLetters.equals(other.deadLetters)) {
      return Optional.of("the dead letter channel " + deadLetters);
    }
    return Optional.empty();
  }
}
