package dev.reactorhub.hub;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what is under way, until it is closed: then nothing new is let in, and it is known when
 * the last has ended. Any thread; nothing blocks.
 */
public final class UnderWay {
  /** One for each that is in, and one until it is closed. */
  private final AtomicLong count = new AtomicLong(1);

  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Lets one in, which must {@link #leave} once; false, and nobody is in, when it is closed. */
  public boolean enter() {
    count.incrementAndGet();
    if (closed.get()) {
      leave();
      return false;
    }
    return true;
  }

  /** One that was let in has ended. */
  public void leave() {
    if (count.decrementAndGet() == 0) {
      ended.complete(null);
    }
  }

  /** Whether nobody is let in any more. */
  public boolean isClosed() {
    return closed.get();
  }

  /** Lets nobody in any more. Completes once all that were let in have ended. Idempotent. */
  public CompletableFuture<Void> close() {
    if (closed.compareAndSet(false, true)) {
      leave();
    }
    return ended.copy();
  }
}
