package dev.reactorhub.client;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** The client's clock, waits and dice: what tests replace. Any thread. */
interface Timing extends AutoCloseable {
  /** The monotonic clock. */
  long nanoTime();

  /** The wall clock. */
  Instant instant();

  /** A number from 0 to 1, for jitter. */
  double random();

  /** Waits, but not beyond the moment the latch opens. */
  void pause(Duration delay, CountDownLatch closed) throws InterruptedException;

  /** Runs a task that does not block, later. After {@link #close} it may never run. */
  void later(Duration delay, Runnable task);

  /**
   * Runs a task that does not block, later, like {@link #later}: one that looks whether a wait has
   * become too long, or does now what could have waited. Nothing goes on because of it alone.
   */
  void watch(Duration delay, Runnable task);

  @Override
  void close();
}
