package dev.reactorhub.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A handler that was added with {@link ReactorClient#on}. May be ignored. Any thread may use it.
 */
public final class Registration implements AutoCloseable {
  private final CompletableFuture<Void> established;
  private final Runnable remove;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  Registration(CompletableFuture<Void> established, Runnable remove) {
    this.established = established;
    this.remove = remove;
  }

  /**
   * Tells when the hub has taken the subscription: what is stored afterwards reaches the handler.
   *
   * @return completes then; fails with a {@link ReactorException} if the subscription ends before
   */
  public CompletableFuture<Void> established() {
    return established.copy();
  }

  /**
   * Removes the handler, as {@link ReactorClient#off} does. A call that is under way finishes.
   * Again is harmless.
   */
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      remove.run();
    }
  }
}
