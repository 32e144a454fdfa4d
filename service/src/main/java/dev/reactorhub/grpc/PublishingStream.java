package dev.reactorhub.grpc;

import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.PublishStreamResponse;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import dev.reactorhub.wire.ProtoEvents;
import dev.reactorhub.wire.Publishing;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
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
final class PublishingStream implements StreamObserver<Received<PublishStreamRequest>> {
  private final Publishing publishing;
  private final ServerCallStreamObserver<PublishStreamResponse> out;

  /** In the order of the requests; the last may be the stream's end. */
  private final Queue<Step> steps = new ConcurrentLinkedQueue<>();

  /** More than 0 while somebody answers; each completion adds one. */
  private final AtomicInteger completions = new AtomicInteger();

  /** Touched by whoever answers. */
  private boolean isOver;

  /** Touched by the call's thread. */
  private boolean isRefused;

  PublishingStream(Publishing publishing, ServerCallStreamObserver<PublishStreamResponse> out) {
    this.publishing = publishing;
    this.out = out;
    out.disableAutoRequest();
    out.request(GrpcSettings.PUBLISHES_UNDER_WAY_MAX);
  }

  /** What is to be answered, in its turn. */
  private sealed interface Step {
    /** An event under way. */
    record Event(CompletableFuture<List<Publishing.Acknowledgement>> stored) implements Step {}

    /** The end of the stream, with a problem or without. */
    record End(@Nullable Problem problem) implements Step {}
  }

  @Override
  public void onNext(Received<PublishStreamRequest> request) {
    if (isRefused) {
      return;
    }
    try {
      CompletableFuture<List<Publishing.Acknowledgement>> stored =
          publishing.publish(
              List.of(publishing.reading(() -> ProtoEvents.draft(request.message().getEvent()))));
      steps.add(new Step.Event(stored));
      var _ = stored.whenComplete((acknowledged, failure) -> answer());
    } catch (ProblemException e) {
      isRefused = true;
      steps.add(new Step.End(e.problem()));
      answer();
    }
  }

  @Override
  public void onError(Throwable failure) {
    // The client is gone: what it sent is stored all the same, nobody waits for the answers.
    isRefused = true;
  }

  @Override
  public void onCompleted() {
    steps.add(new Step.End(null));
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
        case Step.End end -> finish(end.problem());
      }
      steps.poll();
    }
  }

  private void answer(CompletableFuture<List<Publishing.Acknowledgement>> stored) {
    if (stored.isCompletedExceptionally()) {
      finish(Failures.problem(stored.exceptionNow()));
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

  private void finish(@Nullable Problem problem) {
    isOver = true;
    if (out.isCancelled()) {
      return;
    }
    if (problem == null) {
      out.onCompleted();
    } else {
      out.onError(GrpcErrors.exception(problem));
    }
  }
}
