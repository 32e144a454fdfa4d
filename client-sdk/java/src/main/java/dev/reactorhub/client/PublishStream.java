package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import dev.reactorhub.client.ReactorException.Reason;
import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.PublishStreamResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes many events over one call, in the order in which they are sent, without waiting for
 * each. When the connection breaks, what was not acknowledged is sent again in the same order with
 * the same ids, so each is stored once.
 *
 * <p>An event that the hub refuses fails alone; those after it go on. Each has the publish timeout,
 * counted from {@link #send}. Any thread may use it; events of one thread keep their order.
 */
public final class PublishStream implements AutoCloseable {
  private final HubConnection hub;
  private final EventIds ids;
  private final Consumer<PublishStream> whenOver;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition roomier = lock.newCondition();

  /** The first failure that {@link #flush} has not told yet. */
  private final AtomicReference<@Nullable ReactorException> failure = new AtomicReference<>();

  // Guarded by the lock.

  /** Not acknowledged, oldest first; those sent on the present call come first. */
  private final ArrayDeque<Outgoing> pending = new ArrayDeque<>();

  private long pendingBytes;
  private @Nullable PublishStreamCall call;

  /** Whether an attempt will be made without anybody asking for it. */
  private boolean isRetrying;

  /** Whether it will be looked for events that are out of time. */
  private boolean isExpiryWatched;

  private int failuresInARow;
  private boolean isClosed;

  /** An event on its way. Its result may be complete, out of time, before its turn comes. */
  private record Outgoing(
      PublishStreamRequest request,
      int bytes,
      long deadlineNanos,
      CompletableFuture<PublishResult> result) {}

  PublishStream(HubConnection hub, EventIds ids, Consumer<PublishStream> whenOver) {
    this.hub = hub;
    this.ids = ids;
    this.whenOver = whenOver;
  }

  /**
   * Sends an event. Waits for room, at most the publish timeout, when as many events or bytes await
   * their acknowledgement as may.
   *
   * @param event the event
   * @return where it was stored; fails with a {@link ReactorException}. Dependent stages run on a
   *     thread of the client and should not block. Cancelling it changes nothing
   * @throws ReactorException.Interrupted if the thread is interrupted while it waits for room
   */
  public CompletableFuture<PublishResult> send(NewEvent event) {
    requireNonNull(event, "event");
    String id = event.id().orElseGet(ids::next);
    PublishStreamRequest request =
        PublishStreamRequest.newBuilder().setEvent(Wire.toMessage(event, id)).build();
    int bytes = request.getSerializedSize() + Publisher.EVENT_OVERHEAD_BYTES;
    long timeoutNanos = hub.settings().publishTimeout().toNanos();
    CompletableFuture<PublishResult> result = new CompletableFuture<>();
    lock.lock();
    try {
      ReactorException refusal = awaitRoom(bytes, timeoutNanos);
      if (refusal != null) {
        return CompletableFuture.failedFuture(refusal);
      }
      long deadlineNanos = hub.timing().nanoTime() + timeoutNanos;
      Outgoing outgoing = new Outgoing(request, bytes, deadlineNanos, result);
      pending.add(outgoing);
      pendingBytes += bytes;
      if (!isExpiryWatched) {
        isExpiryWatched = true;
        hub.timing().watch(hub.settings().publishTimeout(), this::expire);
      }
      if (call != null) {
        call.send(request);
      } else if (!isRetrying) {
        connect();
      }
    } finally {
      lock.unlock();
    }
    return result.copy();
  }

  private @Nullable ReactorException awaitRoom(int bytes, long timeoutNanos) {
    long leftNanos = timeoutNanos;
    while (!isClosed && !hasRoom(bytes)) {
      if (leftNanos <= 0) {
        String message = pending.size() + " events await their acknowledgement already";
        return new ReactorException.Limited(new Reason("publish_in_flight_max", message), null);
      }
      try {
        leftNanos = roomier.awaitNanos(leftNanos);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ReactorException.Interrupted(e);
      }
    }
    return isClosed ? new ReactorException.Closed("the stream") : null;
  }

  /** An event larger than the whole room goes alone; whether it is too large the hub says. */
  private boolean hasRoom(int bytes) {
    return pending.isEmpty()
        || (pending.size() < hub.settings().publishEventsMax()
            && pendingBytes + bytes <= hub.settings().publishBytesMax());
  }

  /**
   * Waits until every event sent before has been acknowledged or has failed.
   *
   * @throws ReactorException the first failure since the last flush, if there was one; or {@link
   *     ReactorException.Interrupted}
   */
  public void flush() {
    CompletableFuture<?>[] before;
    lock.lock();
    try {
      before = pending.stream().map(Outgoing::result).toArray(CompletableFuture<?>[]::new);
    } finally {
      lock.unlock();
    }
    try {
      // Waits for failures as for successes.
      var unused = CompletableFuture.allOf(before).handle((all, failed) -> true).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReactorException.Interrupted(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    ReactorException first = failure.getAndSet(null);
    if (first != null) {
      throw first;
    }
  }

  /**
   * Takes no more events, waits as {@link #flush} does for those sent, and ends the call. Again is
   * harmless.
   *
   * @throws ReactorException as {@link #flush} does
   */
  @Override
  public void close() {
    lock.lock();
    try {
      isClosed = true;
      roomier.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      flush();
    } finally {
      abort("the stream");
    }
  }

  /** Ends at once: what is not acknowledged fails. */
  void abort(String what) {
    List<Runnable> completions = new ArrayList<>();
    lock.lock();
    try {
      isClosed = true;
      if (call != null) {
        call.end(pending.isEmpty());
        call = null;
      }
      while (!pending.isEmpty()) {
        fail(takeOldest(), new ReactorException.Closed(what), completions);
      }
    } finally {
      lock.unlock();
    }
    completions.forEach(Runnable::run);
    whenOver.accept(this);
  }

  /** Sends all that is pending on a new call. Under the lock. */
  private void connect() {
    isRetrying = false;
    if (isClosed && pending.isEmpty()) {
      return;
    }
    if (failuresInARow > 0) {
      hub.expectRecovery();
    }
    PublishStreamCall opened = PublishStreamCall.start(hub.route(), new Answers());
    call = opened;
    watchProgress(opened, opened.answers());
    pending.removeIf(this::isGivenUp);
    pending.forEach(outgoing -> opened.send(outgoing.request()));
  }

  private boolean isGivenUp(Outgoing outgoing) {
    if (!outgoing.result().isDone()) {
      return false;
    }
    pendingBytes -= outgoing.bytes();
    roomier.signalAll();
    return true;
  }

  private Outgoing takeOldest() {
    Outgoing oldest = pending.remove();
    pendingBytes -= oldest.bytes();
    roomier.signalAll();
    return oldest;
  }

  private void fail(Outgoing outgoing, ReactorException cause, List<Runnable> completions) {
    if (!outgoing.result().isDone()) {
      failure.compareAndSet(null, cause);
      completions.add(() -> outgoing.result().completeExceptionally(cause));
    }
  }

  /** Fails what is out of time. It stays in its place, for its answer may still come. */
  private void expire() {
    List<Runnable> completions = new ArrayList<>();
    lock.lock();
    try {
      isExpiryWatched = false;
      long nowNanos = hub.timing().nanoTime();
      for (Outgoing outgoing : pending) {
        long leftNanos = outgoing.deadlineNanos() - nowNanos;
        if (leftNanos > 0) {
          isExpiryWatched = true;
          hub.timing().watch(Duration.ofNanos(leftNanos), this::expire);
          break;
        }
        fail(outgoing, timedOut(), completions);
      }
    } finally {
      lock.unlock();
    }
    completions.forEach(Runnable::run);
  }

  private ReactorException timedOut() {
    String message = "not acknowledged within " + hub.settings().publishTimeout();
    return new ReactorException.Unavailable(new Reason("deadline_exceeded", message), null);
  }

  /** Gives up a call that acknowledges nothing although something is to be. Under the lock. */
  private void watchProgress(PublishStreamCall watched, long answersBefore) {
    hub.timing().watch(hub.settings().callTimeout(), () -> lookAt(watched, answersBefore));
  }

  private void lookAt(PublishStreamCall watched, long answersBefore) {
    lock.lock();
    try {
      if (call != watched) {
        return;
      }
      Outgoing oldest = pending.peek();
      boolean isStuck =
          oldest != null
              && watched.answers() == answersBefore
              && ageNanos(oldest) >= hub.settings().callTimeout().toNanos();
      if (isStuck) {
        watched.end(false);
        retryLater(timedOutCall());
      } else {
        watchProgress(watched, watched.answers());
      }
    } finally {
      lock.unlock();
    }
  }

  private long ageNanos(Outgoing outgoing) {
    long sentNanos = outgoing.deadlineNanos() - hub.settings().publishTimeout().toNanos();
    return hub.timing().nanoTime() - sentNanos;
  }

  private ReactorException timedOutCall() {
    String message = "nothing was acknowledged for " + hub.settings().callTimeout();
    return new ReactorException.Unavailable(new Reason(ReactorException.SILENT, message), null);
  }

  /** The present call is over; what is pending goes over another one. Under the lock. */
  private void retryLater(ReactorException cause) {
    if (call != null) {
      call.route().leaveOn(cause);
    }
    call = null;
    failuresInARow++;
    isRetrying = true;
    Duration asked = cause.retryAfter().orElse(Duration.ZERO);
    hub.timing().later(hub.pause(failuresInARow, asked), this::retry);
  }

  private void retry() {
    lock.lock();
    try {
      pending.removeIf(this::isGivenUp);
      isRetrying = false;
      if (call == null && !pending.isEmpty()) {
        connect();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Hears the present call. */
  private final class Answers implements PublishStreamCall.Receiver {
    @Override
    public void acknowledged(PublishStreamCall from, PublishStreamResponse response) {
      Outgoing oldest;
      lock.lock();
      try {
        if (call != from || pending.isEmpty()) {
          return;
        }
        failuresInARow = 0;
        oldest = takeOldest();
      } finally {
        lock.unlock();
      }
      complete(oldest.result(), response);
    }

    private void complete(CompletableFuture<PublishResult> result, PublishStreamResponse response) {
      try {
        result.complete(Wire.publishResult(response));
      } catch (IllegalArgumentException e) {
        ReactorException malformed = Failures.malformed(e);
        failure.compareAndSet(null, malformed);
        result.completeExceptionally(malformed);
      }
    }

    @Override
    public void ended(PublishStreamCall over, ReactorException cause) {
      List<Runnable> completions = new ArrayList<>();
      lock.lock();
      try {
        if (call != over) {
          return;
        }
        if (pending.isEmpty()) {
          over.route().leaveOn(cause);
          call = null;
        } else if (cause.isWorthARetry()) {
          retryLater(cause);
        } else {
          // The hub answers in order: what it does not take is the oldest without an answer.
          call = null;
          fail(takeOldest(), cause, completions);
          if (!pending.isEmpty()) {
            connect();
          }
        }
      } finally {
        lock.unlock();
      }
      completions.forEach(Runnable::run);
    }
  }
}
