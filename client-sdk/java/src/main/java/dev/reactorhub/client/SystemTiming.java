package dev.reactorhub.client;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;

/** Real time. One daemon thread, started by the first {@link #later}. */
final class SystemTiming implements Timing {
  private final ScheduledThreadPoolExecutor timer;

  SystemTiming() {
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "reactorhub-timer");
              thread.setDaemon(true);
              return thread;
            },
            // A task that comes after close is for nobody: whoever waits for it was told by close.
            new ThreadPoolExecutor.DiscardPolicy());
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  @Override
  public void pause(Duration delay, CountDownLatch closed) throws InterruptedException {
    var unused = closed.await(delay.toNanos(), NANOSECONDS);
  }

  @Override
  public void later(Duration delay, Runnable task) {
    var unused = timer.schedule(task, delay.toNanos(), NANOSECONDS);
  }

  @Override
  public void watch(Duration delay, Runnable task) {
    later(delay, task);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
