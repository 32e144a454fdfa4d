package dev.reactorhub.client;

import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to its acknowledgement, in as many attempts as the deadline allows. All
 * carry the same id, so the hub stores it once.
 */
final class PendingPublish {
  private final HubConnection hub;
  private final PublishRequest request;
  private final long deadlineNanos;
  private final CompletableFuture<PublishResult> result = new CompletableFuture<>();

  /** Written by whoever makes the attempt; attempts follow one another. */
  private volatile @Nullable ClientCallStreamObserver<PublishRequest> call;

  private int attempts;

  PendingPublish(HubConnection hub, PublishRequest request, long deadlineNanos) {
    this.hub = hub;
    this.request = request;
    this.deadlineNanos = deadlineNanos;
  }

  CompletableFuture<PublishResult> result() {
    return result;
  }

  void attempt() {
    if (result.isDone()) {
      return;
    }
    if (attempts > 0) {
      hub.expectRecovery();
    }
    attempts++;
    Duration left = Duration.ofNanos(Math.max(1, deadlineNanos - hub.timing().nanoTime()));
    Duration callTimeout = hub.settings().callTimeout();
    HubConnection.Route route = hub.route();
    route
        .stub(left.compareTo(callTimeout) < 0 ? left : callTimeout)
        .publish(request, new Answer(route));
    // It may have been given up while the call was being made.
    if (result.isDone()) {
      cancel();
    }
  }

  void close() {
    result.completeExceptionally(new ReactorException.Closed("the client"));
  }

  /** Ends the attempt under way, if there is one: nobody waits for it any more. */
  void cancel() {
    ClientCallStreamObserver<PublishRequest> open = call;
    if (open != null) {
      open.cancel("not wanted any more", null);
    }
  }

  private void failed(ReactorException failure) {
    Duration delay = hub.pause(attempts, failure.retryAfter().orElse(Duration.ZERO));
    boolean isInTime = hub.timing().nanoTime() + delay.toNanos() - deadlineNanos < 0;
    if (failure.isWorthARetry() && isInTime) {
      hub.timing().later(delay, this::attempt);
    } else {
      result.completeExceptionally(failure);
    }
  }

  /** What comes back from one attempt. */
  private final class Answer implements ClientResponseObserver<PublishRequest, PublishResponse> {
    private final HubConnection.Route route;

    Answer(HubConnection.Route route) {
      this.route = route;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<PublishRequest> requestStream) {
      call = requestStream;
    }

    @Override
    public void onNext(PublishResponse response) {
      call = null;
      try {
        result.complete(Wire.publishResult(response));
      } catch (IllegalArgumentException e) {
        result.completeExceptionally(Failures.malformed(e));
      }
    }

    @Override
    public void onError(Throwable failure) {
      call = null;
      if (!result.isDone()) {
        ReactorException cause = Failures.of(failure);
        route.leaveOn(cause);
        failed(cause);
      }
    }

    @Override
    public void onCompleted() {}
  }
}
