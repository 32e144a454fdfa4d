package dev.reactorhub.workload;

import dev.reactorhub.event.Position;
import dev.reactorhub.history.Subscriber;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that does as it is told: sent away, it comes back after the delay that it was given;
 * not let in, it tries again half a second to a second later. One thread at a time, but for {@link
 * #isConnected}.
 */
final class ReturningCursor implements ReadingFace.Hearing {
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Interest interest;
  private final Subscriber subscriber;
  private final Returns returns;
  private final SplittableRandom random;

  private volatile boolean isConnected;
  private @Nullable Duration advice;
  private long toldNanos;
  private int attempts;

  ReturningCursor(
      Interest interest, Subscriber subscriber, Returns returns, SplittableRandom random) {
    this.interest = interest;
    this.subscriber = subscriber;
    this.returns = returns;
    this.random = random;
  }

  Interest interest() {
    return interest;
  }

  Subscriber subscriber() {
    return subscriber;
  }

  /** Whether the hub has greeted it and not said goodbye since. */
  boolean isConnected() {
    return isConnected;
  }

  /** It asks to be let in. */
  void asks() {
    attempts++;
  }

  @Override
  public void greeted() {
    Duration told = advice;
    if (told != null) {
      returns.returned(told, System.nanoTime() - toldNanos, attempts);
    }
    advice = null;
    attempts = 0;
    isConnected = true;
  }

  @Override
  public void goingAway(Position position, Duration returnAfter) {
    toldNanos = System.nanoTime();
    // Counts as a promise: everything up to here was delivered.
    subscriber.movedTo(position);
    advice = returnAfter;
    isConnected = false;
    returns.toldToGo();
  }

  /** The connection ended, or there was none: returns when to ask again. */
  long lost() {
    if (isConnected) {
      isConnected = false;
      returns.lostUnannounced();
    }
    Duration told = advice;
    return told != null && attempts == 0
        ? toldNanos + told.toNanos()
        : System.nanoTime() + RETRY_NANOS + random.nextLong(RETRY_NANOS);
  }
}
