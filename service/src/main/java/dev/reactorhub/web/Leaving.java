package dev.reactorhub.web;

import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.hub.UnderWay;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Problem;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The end of the HTTP face: which requests are under way, and what those are told who come too
 * late. Any thread.
 */
final class Leaving {
  private static final Problem TOO_LATE =
      Problem.of(ErrorCode.GOING_AWAY, "the hub is shutting down");

  private final UnderWay requests = new UnderWay();

  /** Set once, before the first request is refused. */
  private volatile @Nullable ReturnTimes returnTimes;

  /** Lets a request in that the end is to wait for; it must {@link #leave} once. */
  boolean enter() {
    return requests.enter();
  }

  /** A request that was let in was answered. */
  void leave() {
    requests.leave();
  }

  /** Lets nobody in any more. */
  void begin(ReturnTimes times) {
    returnTimes = times;
    var _ = requests.close();
  }

  /** Whether nobody is let in any more. */
  boolean isBegun() {
    return requests.isClosed();
  }

  /** Completes once all that were let in were answered; after {@link #begin}. */
  CompletableFuture<Void> answered() {
    return requests.close();
  }

  /** What those are told who come too late. */
  Problem problem() {
    return TOO_LATE;
  }

  /** When one who came too late may come again. */
  Duration returnTime() {
    ReturnTimes times = returnTimes;
    return times == null ? Duration.ZERO : times.any();
  }
}
