package dev.reactorhub.config;

import java.time.Duration;

/**
 * How a hub that was asked to stop does so.
 *
 * @param delay it goes on for this long, not ready, before it sends its clients away
 * @param away no client is told to come back earlier than this after it was sent away
 * @param window over which the clients come back, from {@code away} on
 * @param grace after this long the process ends, whatever is left to do
 */
public record DrainSettings(Duration delay, Duration away, Duration window, Duration grace) {
  /** What a stop may take when nobody is slow but everybody is waited for, beside the delay. */
  public static final Duration CLOSING_MAX = Duration.ofSeconds(10);

  /** Checks that the grace leaves room for the rest. */
  public DrainSettings {
    if (grace.compareTo(delay.plus(CLOSING_MAX)) < 0) {
      throw new IllegalArgumentException(
          "grace is " + grace + ": must be the delay, " + delay + ", and " + CLOSING_MAX);
    }
  }
}
