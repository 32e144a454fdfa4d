package dev.reactorhub.web;

import java.util.function.LongSupplier;

/**
 * A token bucket: so many events per second, with one second's worth at once. One thread at a time.
 */
final class PublishRate {
  private static final double NANOS_PER_SECOND = 1e9;

  private final int perSecondMax;
  private final LongSupplier nanoClock;
  private double tokens;
  private long filledAtNanos;

  PublishRate(int perSecondMax, LongSupplier nanoClock) {
    this.perSecondMax = perSecondMax;
    this.nanoClock = nanoClock;
    this.tokens = perSecondMax;
    this.filledAtNanos = nanoClock.getAsLong();
  }

  /** Takes the tokens when they are there; else takes none. */
  boolean tryTake(int events) {
    long now = nanoClock.getAsLong();
    double earned = (now - filledAtNanos) / NANOS_PER_SECOND * perSecondMax;
    tokens = Math.min(perSecondMax, tokens + earned);
    filledAtNanos = now;
    if (tokens < events) {
      return false;
    }
    tokens -= events;
    return true;
  }
}
