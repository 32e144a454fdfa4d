package dev.reactorhub.hub;

import dev.reactorhub.health.Pulse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The turns of those who are behind: some at a time, in the order in which they came, one batch
 * each, and after the live deliveries. So a thousand that return at once, far behind, do not keep
 * those waiting that are up to date. Any thread.
 *
 * <p>On platform threads: virtual ones are not preempted, and a processor whose virtual threads
 * keep each other busy does not look for those that others made ready, such as publishers.
 */
public final class Replays {
  private static final long THREAD_IDLE_SECONDS = 5;

  private final int processors;
  private final long liveFirstMillisMax;
  private final ThreadPoolExecutor turns;
  private final Pulse pulse = new Pulse("replay", Pulse.STUCK_AT_THE_DISK);

  /** Threads that serve live sessions just now. Guarded by this. */
  private int liveThreads;

  /** Turns that let them go first. Guarded by this. */
  private int waiting;

  /**
   * Makes room for so many turns at once, but no more than there are processors.
   *
   * @param liveFirstMax a turn waits no longer for live deliveries that leave no processor free
   */
  Replays(int concurrencyMax, int processors, Duration liveFirstMax) {
    this.processors = processors;
    this.liveFirstMillisMax = liveFirstMax.toMillis();
    int threads = Math.min(concurrencyMax, processors);
    this.turns =
        new ThreadPoolExecutor(
            threads,
            threads,
            THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // one entry for each session at most
            Thread.ofPlatform().daemon().name("replay-", 0).factory());
    this.turns.allowCoreThreadTimeOut(true);
  }

  /** Whether the threads do their work: a turn is one piece of it. */
  Pulse pulse() {
    return pulse;
  }

  /** A thread begins to serve live sessions; {@link #liveEnds} must follow. */
  public synchronized void liveBegins() {
    liveThreads++;
  }

  /** The thread has nothing left to send. */
  public synchronized void liveEnds() {
    liveThreads--;
    if (waiting > 0) {
      notifyAll();
    }
  }

  /**
   * Reads in a turn, for which the caller waits as long as others are before it.
   *
   * @param read must not wait for a peer
   */
  public <T extends @Nullable Object> T inTurn(Supplier<T> read) {
    try {
      return later(read).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  /**
   * As {@link #inTurn}, for callers that must not wait.
   *
   * @return what was read, or why it could not be
   */
  <T extends @Nullable Object> CompletableFuture<T> later(Supplier<T> read) {
    pulse.begin();
    return CompletableFuture.supplyAsync(() -> afterLive(read), turns)
        .whenComplete((result, failure) -> pulse.end());
  }

  /** How many wait for their turn. */
  public int waitingForTurn() {
    return turns.getQueue().size();
  }

  private <T extends @Nullable Object> T afterLive(Supplier<T> read) {
    synchronized (this) {
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(liveFirstMillisMax);
      long left = liveFirstMillisMax;
      waiting++;
      while (liveThreads >= processors && left > 0) {
        try {
          wait(left);
        } catch (InterruptedException e) {
          // Nobody interrupts these threads, and to go on is right.
          break;
        }
        left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
      waiting--;
    }
    return read.get();
  }
}
