package dev.reactorhub.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only by waiting, at once; the dice always show the longest delay. */
final class FakeTiming implements Timing {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final List<Duration> waits = new CopyOnWriteArrayList<>();

  private final List<Runnable> watches = new CopyOnWriteArrayList<>();

  private volatile boolean holdsTasks;

  /** From now on tasks are not run: their time does not come. */
  void holdTasks() {
    holdsTasks = true;
  }

  /** Every wait so far, in order. */
  List<Duration> waits() {
    return waits;
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH;
  }

  @Override
  public double random() {
    return 1;
  }

  @Override
  public void pause(Duration delay, CountDownLatch closed) {
    pass(delay);
  }

  @Override
  public void later(Duration delay, Runnable task) {
    if (!holdsTasks) {
      pass(delay);
      task.run();
    }
  }

  @Override
  public void watch(Duration delay, Runnable task) {
    watches.add(task);
  }

  /** The time of everything that is watched for has come. */
  void fireWatches() {
    List<Runnable> due = List.copyOf(watches);
    watches.removeAll(due);
    due.forEach(Runnable::run);
  }

  /** Time passes, and nothing else happens. */
  void advance(Duration delay) {
    nanos.addAndGet(delay.toNanos());
  }

  private void pass(Duration delay) {
    waits.add(delay);
    nanos.addAndGet(delay.toNanos());
  }

  @Override
  public void close() {}
}
