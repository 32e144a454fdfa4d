package dev.reactorhub.health;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a thread that must run does run, or a few that share their work.
 *
 * <p>Work is begun and ended; what never ends beats. A pulse is stuck when work was under way and
 * for its bound, by the monotonic clock, none ended and nothing beat. Without work it is well,
 * however long. It is dead when its one thread, if it has one, has ended.
 *
 * <p>Any thread; nothing blocks. A call costs about as much as reading the clock.
 */
public final class Pulse {
  /** For work that only computes, and for what must beat. */
  public static final Duration STUCK = Duration.ofSeconds(30);

  /** For work that waits for a disk: longer than a slow one takes for anything. */
  public static final Duration STUCK_AT_THE_DISK = Duration.ofMinutes(2);

  private final String name;
  private final long stuckNanos;
  private final LongSupplier nanoTime;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile long progressNanos;
  private volatile @Nullable Thread thread;

  /**
   * Well, without work.
   *
   * @param name of the thread, for the operator
   */
  public Pulse(String name, Duration stuckAfter) {
    this(name, stuckAfter, System::nanoTime);
  }

  /** By another clock. */
  public Pulse(String name, Duration stuckAfter, LongSupplier nanoTime) {
    if (!stuckAfter.isPositive()) {
      throw new IllegalArgumentException("stuckAfter is " + stuckAfter + ": must be positive");
    }
    this.name = name;
    this.stuckNanos = stuckAfter.toNanos();
    this.nanoTime = nanoTime;
  }

  /** The end of this thread, which was started, is the end of the pulse. */
  public void follow(Thread only) {
    thread = only;
  }

  /** Work was taken on; {@link #end} must follow. */
  public void begin() {
    if (underWay.get() == 0) {
      progressNanos = nanoTime.getAsLong();
    }
    underWay.incrementAndGet();
  }

  /** Work that was begun is done with. */
  public void end() {
    progressNanos = nanoTime.getAsLong();
    underWay.decrementAndGet();
  }

  /** Work that was begun gets on. */
  public void beat() {
    progressNanos = nanoTime.getAsLong();
  }

  /** How it is now. */
  public Check check() {
    Thread only = thread;
    if (only != null && !only.isAlive()) {
      return new Check(name, false, "the thread has ended");
    }
    if (underWay.get() == 0) {
      return new Check(name, true, "waits for work");
    }
    long silentNanos = nanoTime.getAsLong() - progressNanos;
    return silentNanos > stuckNanos
        ? new Check(name, false, "stuck for " + TimeUnit.NANOSECONDS.toSeconds(silentNanos) + " s")
        : new Check(name, true, "runs");
  }
}
