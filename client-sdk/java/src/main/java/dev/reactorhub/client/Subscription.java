package dev.reactorhub.client;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that calls a listener, on one thread of its own, until it is closed, its client is
 * closed, or the hub ends it for good.
 *
 * <p>Any thread may use it.
 */
public final class Subscription implements AutoCloseable {
  private final EventStream stream;
  private final SubscriptionListener listener;
  private final CompletableFuture<Void> established = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /**
   * What the listener is busy with; null while it is not. Written by the subscription's thread
   * only.
   */
  private volatile @Nullable Busy busy;

  private Subscription(EventStream stream, SubscriptionListener listener) {
    this.stream = stream;
    this.listener = listener;
  }

  static Subscription start(
      EventStream stream, SubscriptionListener listener, ThreadFactory threads) {
    Subscription subscription = new Subscription(stream, listener);
    threads.newThread(subscription::run).start();
    return subscription;
  }

  /**
   * Tells when the hub has taken the subscription for the first time: what is stored afterwards
   * reaches the listener.
   *
   * @return completes with the first connection; fails with a {@link ReactorException} if the
   *     subscription ends before
   */
  public CompletableFuture<Void> established() {
    return established.copy();
  }

  /**
   * Tells when the listener will not be called any more.
   *
   * @return completes once closed; fails with a {@link ReactorException} when the hub has ended the
   *     subscription for good
   */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /**
   * Where to resume: the listener has returned from every event that matches up to there.
   *
   * @return the position; empty as long as none is known
   */
  public Optional<String> position() {
    // In this order: what was taken when the first line ran has been handled if the second finds no
    // listener busy.
    Optional<String> taken = stream.position();
    Busy present = busy;
    return present == null ? taken : present.before();
  }

  /**
   * Ends the subscription. Does not wait: a call of the listener that is under way finishes,
   * another one does not begin. Again is harmless.
   */
  @Override
  public void close() {
    stream.close();
  }

  private void run() {
    try {
      while (stream.hasNext()) {
        busy = new Busy(stream.position());
        deliver(stream.next());
        busy = null;
      }
      established.completeExceptionally(new ReactorException.Closed("the subscription"));
      ended.complete(null);
    } catch (ReactorException.Interrupted e) {
      // Only a listener can have interrupted this thread; it is ours, so this ends the
      // subscription.
      stream.close();
      fail(e);
    } catch (ReactorException e) {
      fail(e);
    }
  }

  private void deliver(Delivery delivery) {
    if (delivery instanceof Connected) {
      established.complete(null);
    }
    Logging.contain("a subscription listener failed", () -> delivery.deliverTo(listener));
  }

  private void fail(ReactorException failure) {
    established.completeExceptionally(failure);
    Logging.contain("a subscription listener failed", () -> listener.onFailed(failure));
    ended.completeExceptionally(failure);
  }

  /** The listener handles a delivery; {@code before} is where to resume so as to get it again. */
  private record Busy(Optional<String> before) {}
}
