package dev.reactorhub.client;

import java.time.Duration;

/**
 * How long to wait before trying again: twice as long after each failure, from a first to a longest
 * delay. Half of each delay is drawn at random, so that clients that lost the same hub do not all
 * come back at once.
 *
 * @param first before the second attempt; more than zero
 * @param longest no delay exceeds it; at least {@code first}
 */
public record Backoff(Duration first, Duration longest) {
  /** From 200 ms to 30 s. */
  public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

  /** Checks the bounds. */
  public Backoff {
    if (first.isNegative() || first.isZero()) {
      throw new IllegalArgumentException("first is " + first + ": must be more than zero");
    }
    if (longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "longest is " + longest + ": must be at least first, " + first);
    }
  }

  /**
   * The delay after {@code failures} failures in a row, 1 or more; {@code random} is from 0 to 1.
   */
  Duration delay(int failures, double random) {
    long nanos = longest.toNanos();
    // 2^62 ns is more than any delay: shift no further, and compare by shifting down so that
    // nothing overflows.
    int doublings = Math.min(failures - 1, 62);
    if (first.toNanos() <= nanos >> doublings) {
      nanos = first.toNanos() << doublings;
    }
    return Duration.ofNanos(nanos / 2 + (long) (nanos / 2.0 * random));
  }
}
