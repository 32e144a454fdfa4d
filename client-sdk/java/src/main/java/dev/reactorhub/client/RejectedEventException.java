package dev.reactorhub.client;

import java.time.Duration;

/** A {@link ConsumeHandler} could not deal with an event, and knows when to try again. */
public final class RejectedEventException extends Exception {
  private static final long serialVersionUID = 1;

  private final Duration delay;

  /**
   * Rejects the event at hand.
   *
   * @param message why, for people; the hub is told
   * @param delay how long to wait before it comes again, zero or more. The hub has a limit, 1 h
   *     unless it is set otherwise; beyond it the hub refuses, and the consumer ends with the code
   *     {@code invalid_limit}
   */
  public RejectedEventException(String message, Duration delay) {
    super(message);
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay is " + delay + ": must be zero or more");
    }
    this.delay = delay;
  }

  /**
   * How long to wait before the event comes again.
   *
   * @return the delay
   */
  public Duration delay() {
    return delay;
  }
}
