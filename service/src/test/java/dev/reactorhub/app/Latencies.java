package dev.reactorhub.app;

import java.util.concurrent.atomic.AtomicLongArray;

/** A histogram of times since publishing, in steps of 0.1 ms up to 10 s. One thread writes. */
final class Latencies {
  private static final long STEP_NANOS = 100_000;

  private final AtomicLongArray counts = new AtomicLongArray(100_000);

  void addSince(long publishedNanos) {
    long step = (System.nanoTime() - publishedNanos) / STEP_NANOS;
    int index = (int) Math.clamp(step, 0, counts.length() - 1L);
    counts.lazySet(index, counts.get(index) + 1);
  }

  /** The time in milliseconds within which this share of all lies. */
  double quantileMillis(double share) {
    long wanted = (long) (share * count());
    long seen = 0;
    int index = 0;
    while (index < counts.length() - 1 && seen + counts.get(index) <= wanted) {
      seen += counts.get(index);
      index++;
    }
    return (index + 1) * (STEP_NANOS / 1e6);
  }

  long count() {
    long all = 0;
    for (int i = 0; i < counts.length(); i++) {
      all += counts.get(i);
    }
    return all;
  }
}
