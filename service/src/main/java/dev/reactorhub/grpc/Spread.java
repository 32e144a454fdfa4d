package dev.reactorhub.grpc;

import dev.reactorhub.hub.ReturnTimes;
import java.time.Duration;

/** Gives so many clients their return times, one after the other. One thread at a time. */
final class Spread {
  private final ReturnTimes times;
  private final int all;
  private int given;

  /**
   * Nothing given yet.
   *
   * @param all how many delays are going to be asked for; more begin again at the first
   */
  Spread(ReturnTimes times, int all) {
    this.times = times;
    this.all = Math.max(1, all);
  }

  /** The next delay. */
  Duration next() {
    return times.of(given++ % all, all);
  }
}
