package dev.reactorhub.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Who was told to go, when they were to come back, and when they did. Any thread. */
public final class Returns {
  private final List<Return> returns = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger told = new AtomicInteger();
  private final AtomicInteger unannounced = new AtomicInteger();

  /**
   * One client's way back.
   *
   * @param advice how long it was told to stay away
   * @param away how long it was away
   * @param attempts how often it asked until it was let in
   */
  public record Return(Duration advice, Duration away, int attempts) {
    /** How much later it was back than it was told to be. */
    public Duration late() {
      return away.minus(advice);
    }
  }

  /** How many were told to go. */
  public int told() {
    return told.get();
  }

  /** How many lost their connection and were not told before. */
  public int unannounced() {
    return unannounced.get();
  }

  /** All that came back, in the order in which they did. */
  public List<Return> all() {
    synchronized (returns) {
      return List.copyOf(returns);
    }
  }

  void toldToGo() {
    told.incrementAndGet();
  }

  void lostUnannounced() {
    unannounced.incrementAndGet();
  }

  void returned(Duration advice, long awayNanos, int attempts) {
    returns.add(
        new Return(advice, Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(awayNanos)), attempts));
  }
}
