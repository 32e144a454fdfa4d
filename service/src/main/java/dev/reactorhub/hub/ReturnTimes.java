package dev.reactorhub.hub;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When the clients of a hub that stops are told to come back: none before the hub can be there
 * again, then evenly over a window, so that they do not all come at once. Any thread.
 *
 * @param earliest zero or more
 * @param window zero or more, from {@code earliest} on
 */
public record ReturnTimes(Duration earliest, Duration window) {
  private static final int STEPS = 1_000;

  /** Checks that neither is negative. */
  public ReturnTimes {
    if (earliest.isNegative() || window.isNegative()) {
      throw new IllegalArgumentException(
          "earliest is " + earliest + ", window " + window + ": must not be negative");
    }
  }

  /** The delay of one of so many clients that are told together; each index has its own. */
  public Duration of(int index, int count) {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException("index is " + index + ": must be 0 to " + (count - 1));
    }
    return earliest.plus(window.multipliedBy(index).dividedBy(count));
  }

  /** The delay of a client that comes by itself while the hub stops: somewhere in the window. */
  public Duration any() {
    return of(RandomGenerator.getDefault().nextInt(STEPS), STEPS);
  }
}
