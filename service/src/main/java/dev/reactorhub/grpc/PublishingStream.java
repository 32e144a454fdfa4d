package dev.reactorhub.grpc;

import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.PublishStreamResponse;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import dev.reactorhub.wire.Publishing;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One stream of events to publish. Requests arrive one at a time; acknowledgements leave in their
 * order, by whichever thread completes the oldest: the log's, as a rule. A further request is asked
 * for as one is acknowledged, so what is under way stays bounded.
 */
final class PublishingStream implements StreamObserver<Received<PublishStreamRequest>>, OpenStream {
  private final Publishing publishing;
  private final ServerCallStreamObserver<PublishStreamResponse> out;

  private final Connection connection = Connection.current();
  private final @Nullable String traceparent = CallTrace.current();

  /** In the order of the requests; the last may be the stream's end. */
  private final Queue<Step> steps = new ConcurrentLinkedQueue<>();

  /** More than 0 while somebody answers; each completion adds one. */
  private final AtomicInteger completions = new AtomicInteger();

  /** Touched by whoever answers. */
  private boolean isOver;

  /** Guarded by this: nothing more is taken. */
  private boolean isRefused;

  /** Guarded by this: an event is on its way into the steps, which an end must not pass. */
  private boolean isTaking;

  /** Guarded by this: the end that waits for that event. */
  private Step.@Nullable End deferredEnd;

  private PublishingStream(
      Publishing publishing, ServerCallStreamObserver<PublishStreamResponse> out) {
    this.publishing = publishing;
    this.out = out;
  }

  /** Takes the requests of a call. */
  static PublishingStream open(
      Publishing publishing, ServerCallStreamObserver<PublishStreamResponse> out) {
    PublishingStream stream = new PublishingStream(publishing, out);
    out.setOnCancelHandler(() -> stream.connection.remove(stream));
    out.disableAutoRequest();
    out.request(GrpcSettings.PUBLISHES_UNDER_WAY_MAX);
    stream.connection.add(stream);
    return stream;
  }

  /** What is to be answered, in its turn. */
  private sealed interface Step {
    /** An event under way. */
    record Event(CompletableFuture<List<Publishing.Acknowledgement>> stored) implements Step {}

    /** The end of the stream: well, or with what to tell the client. */
    record End(@Nullable StatusRuntimeException failure) implements Step {}
  }

  @Override
  public void onNext(Received<PublishStreamRequest> request) {
    if (!beginTaking()) {
      return;
    }
    try {
      CompletableFuture<List<Publishing.Acknowledgement>> stored =
          HubCalls.publishInTrace(publishing, request.message().getEvent(), traceparent);
      steps.add(new Step.Event(stored));
      var _ = stored.whenComplete((acknowledged, failure) -> answer());
    } catch (ProblemException e) {
      end(new Step.End(GrpcErrors.exception(e.problem())));
    } finally {
      endTaking();
    }
  }

  @Override
  public void onError(Throwable failure) {
    // The client is gone: what it sent is stored all the same, nobody waits for the answers.
    refuse();
  }

  @Override
  public void onCompleted() {
    end(new Step.End(null));
  }

  /** What was taken is acknowledged first. */
  @Override
  public void goAway(Problem why, Duration delay) {
    end(new Step.End(GrpcErrors.exception(why, delay)));
  }

  private synchronized boolean beginTaking() {
    isTaking = !isRefused;
    return isTaking;
  }

  private void endTaking() {
    synchronized (this) {
      isTaking = false;
      if (deferredEnd == null) {
        return;
      }
      steps.add(deferredEnd);
      deferredEnd = null;
    }
    answer();
  }

  private synchronized void refuse() {
    isRefused = true;
  }

  /** Ends the stream after what was taken; the first end counts. */
  private void end(Step.End end) {
    synchronized (this) {
      if (isRefused) {
        return;
      }
      isRefused = true;
      if (isTaking) {
        deferredEnd = end;
        return;
      }
      steps.add(end);
    }
    answer();
  }

  private void answer() {
    if (completions.getAndIncrement() > 0) {
      return;
    }
    int seen;
    do {
      seen = completions.get();
      answerCompleted();
    } while (!completions.compareAndSet(seen, 0));
  }

  private void answerCompleted() {
    while (!isOver) {
      switch (steps.peek()) {
        case null -> {
          return;
        }
        case Step.Event event -> {
          if (!event.stored().isDone()) {
            return;
          }
          answer(event.stored());
        }
        case Step.End end -> finish(end.failure());
      }
      steps.poll();
    }
  }

  private void answer(CompletableFuture<List<Publishing.Acknowledgement>> stored) {
    if (stored.isCompletedExceptionally()) {
      finish(GrpcErrors.exception(Failures.problem(stored.exceptionNow())));
      return;
    }
    Publishing.Acknowledgement acknowledged = stored.resultNow().getFirst();
    if (!out.isCancelled()) {
      out.onNext(
          PublishStreamResponse.newBuilder()
              .setId(acknowledged.id())
              .setSeq(acknowledged.position().seq())
              .setPosition(acknowledged.position().toString())
              .setDuplicate(acknowledged.duplicate())
              .build());
      out.request(1);
    }
  }

  private void finish(@Nullable StatusRuntimeException failure) {
    isOver = true;
    connection.remove(this);
    if (out.isCancelled()) {
      return;
    }
    if (failure == null) {
      out.onCompleted();
    } else {
      out.onError(failure);
    }
  }
}
