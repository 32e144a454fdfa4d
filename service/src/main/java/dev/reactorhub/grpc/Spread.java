package dev.reactorhub.grpc;

import java.time.Duration;

/** Spreads the returns of so many clients evenly over a window. One thread at a time. */
final class Spread {
  private final Duration earliest;
  private final Duration window;
  private final int all;
  private int given;

  /**
   * A window that begins after {@code earliest}.
   *
   * @param all how many delays are going to be asked for; more begin again at its start
   */
  Spread(Duration earliest, Duration window, int all) {
    this.earliest = earliest;
    this.window = window;
    this.all = Math.max(1, all);
  }

  /** The next delay. */
  Duration next() {
    return earliest.plus(window.multipliedBy(given++ % all).dividedBy(all));
  }
}
