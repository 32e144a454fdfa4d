package dev.reactorhub.web;

import dev.reactorhub.wire.ClientCommand;
import dev.reactorhub.wire.ControlMessages;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import dev.reactorhub.wire.Publishing;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Publishes for one WebSocket session, many requests under way at once, answered in their order.
 * Published on the connection's thread, which waits while too many are under way.
 */
final class WebSocketPublisher {
  private static final int EVENTS_UNDER_WAY_MAX = 1024;

  private final StreamSessions sessions;
  private final AnswerQueue answers;
  private final PublishRate rate;
  private final Semaphore underWay = new Semaphore(EVENTS_UNDER_WAY_MAX);
  private final Runnable answered;

  /**
   * @param answered runs after each answer, on the log's thread: it must not block
   */
  WebSocketPublisher(StreamSessions sessions, AnswerQueue answers, Runnable answered) {
    this.sessions = sessions;
    this.answers = answers;
    this.answered = answered;
    this.rate = new PublishRate(sessions.settings().publishRateMax(), System::nanoTime);
  }

  void publish(ClientCommand.Publish command) {
    int perSecondMax = sessions.settings().publishRateMax();
    if (!rate.tryTake(command.drafts().size())) {
      sessions.publishing().refused(ErrorCode.RATE_LIMITED);
      throw new ProblemException(
          Problem.of(
              ErrorCode.RATE_LIMITED,
              "a session may publish at most " + perSecondMax + " events per second",
              perSecondMax));
    }
    // A client that does not read its acknowledgements publishes no more.
    answers.awaitRoom();
    int permits = permits(command);
    underWay.acquireUninterruptibly(permits);
    boolean isTaken = false;
    try {
      var _ =
          sessions
              .publishing()
              .publish(command.drafts())
              .whenComplete((acknowledged, failure) -> answer(command, acknowledged, failure));
      isTaken = true;
    } finally {
      if (!isTaken) {
        underWay.release(permits);
      }
    }
  }

  /** Whether an event was taken whose answer is not among the answers yet. */
  boolean isBusy() {
    return underWay.availablePermits() < EVENTS_UNDER_WAY_MAX;
  }

  private static int permits(ClientCommand.Publish command) {
    return Math.clamp(command.drafts().size(), 1, EVENTS_UNDER_WAY_MAX);
  }

  /** Log's thread: the queue's bound is {@link #underWay}, so adding does not wait. */
  private void answer(
      ClientCommand.Publish command,
      @Nullable List<Publishing.Acknowledgement> acknowledged,
      @Nullable Throwable failure) {
    if (acknowledged == null) {
      answers.addUnbounded(ControlMessages.error(Failures.problem(failure), command.ref()));
    } else if (command.isArray()) {
      answers.addUnbounded(ControlMessages.publishedAll(acknowledged, command.ref()));
    } else {
      answers.addUnbounded(ControlMessages.published(acknowledged.getFirst(), command.ref()));
    }
    // Only now: who is not busy has all its answers.
    underWay.release(permits(command));
    answered.run();
  }
}
