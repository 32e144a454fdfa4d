package dev.reactorhub.wire;

import dev.reactorhub.event.Event;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.UnderWay;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.Appended;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The one way in for events of all faces: checks the bounds, fills in what the publisher left out,
 * hands the events to the hub and turns the outcome into an answer. Any thread.
 */
public final class Publishing {
  private final Hub hub;
  private final WireLimits limits;
  private final InstantSource clock;
  private final UuidV7 ids;
  private final UnderWay underWay;
  private final PublishFigures figures;
  private final PublishFigures.Face face;

  /** Publishes into this hub, what the hub itself has to say; {@link #by} for others. */
  public Publishing(Hub hub, WireLimits limits, InstantSource clock) {
    this.hub = hub;
    this.limits = limits;
    this.clock = clock;
    this.ids = new UuidV7(clock);
    this.underWay = new UnderWay();
    this.figures = new PublishFigures();
    this.face = PublishFigures.Face.HUB;
  }

  private Publishing(Publishing other, PublishFigures.Face face) {
    this.hub = other.hub;
    this.limits = other.limits;
    this.clock = other.clock;
    this.ids = other.ids;
    this.underWay = other.underWay;
    this.figures = other.figures;
    this.face = face;
  }

  /** The same, for what comes in by this face. */
  public Publishing by(PublishFigures.Face otherFace) {
    return new Publishing(this, otherFace);
  }

  /** What became of what was published. */
  public PublishFigures figures() {
    return figures;
  }

  /** Counts a request that was refused before it came to {@link #publish}. */
  public void refused(ErrorCode code) {
    figures.countRefused(code);
  }

  /**
   * Reads a request to publish; one that is refused is counted.
   *
   * @throws ProblemException what reading throws
   */
  public <T> T reading(Supplier<T> request) {
    try {
      return request.get();
    } catch (ProblemException e) {
      refused(e.problem().code());
      throw e;
    }
  }

  /**
   * Publishes drafts as one unit.
   *
   * @return one acknowledgement per draft, in order; completes exceptionally with a {@link
   *     ProblemException}, on the log's thread: a dependent action must not block
   * @throws ProblemException when a draft breaks a rule, or the hub stops: nothing was published
   */
  public CompletableFuture<List<Acknowledgement>> publish(List<EventDraft> drafts) {
    long sinceNanos = System.nanoTime();
    List<Event> events = reading(() -> events(drafts));
    if (!underWay.enter()) {
      Problem problem = stopping();
      refused(problem.code());
      throw new ProblemException(problem);
    }
    boolean isTaken = false;
    try {
      CompletableFuture<List<Acknowledgement>> taken = append(events, sinceNanos);
      isTaken = true;
      return taken.whenComplete((acknowledged, failure) -> underWay.leave());
    } finally {
      if (!isTaken) {
        underWay.leave();
      }
    }
  }

  /** Publishes an event of the hub's own; as {@link #publish}, and until the log is closed. */
  public CompletableFuture<List<Acknowledgement>> publishOwn(EventDraft draft) {
    return append(events(List.of(draft)), System.nanoTime());
  }

  /**
   * Takes no more events from clients: what they publish from now on is refused as going away.
   * Idempotent.
   *
   * @return completes once it is decided of all that was taken before
   */
  public CompletableFuture<Void> stopTaking() {
    return underWay.close();
  }

  private CompletableFuture<List<Acknowledgement>> append(List<Event> events, long sinceNanos) {
    return hub.publish(events).thenApply(result -> answer(result, sinceNanos));
  }

  private List<Event> events(List<EventDraft> drafts) {
    if (drafts.isEmpty()) {
      throw new ProblemException(ErrorCode.INVALID_REQUEST, "there is no event to publish");
    }
    if (drafts.size() > limits.batchEventsMax()) {
      throw new ProblemException(
          Problem.of(
              ErrorCode.BATCH_TOO_LARGE,
              String.format(
                  Locale.ROOT,
                  "a request may publish at most %d events, this one has %d",
                  limits.batchEventsMax(),
                  drafts.size()),
              limits.batchEventsMax()));
    }
    Instant now = clock.instant();
    return drafts.stream().map(draft -> complete(draft, now)).toList();
  }

  /** What a publisher is told. */
  public record Acknowledgement(String id, Position position, boolean duplicate) {}

  private Event complete(EventDraft draft, Instant now) {
    if (draft.data().sizeBytes() > limits.dataBytesMax()) {
      throw new ProblemException(dataTooLarge(draft.data().sizeBytes(), limits).at("data"));
    }
    return draft.event(ids, now);
  }

  static Problem dataTooLarge(long bytes, WireLimits limits) {
    return Problem.of(
        ErrorCode.PAYLOAD_TOO_LARGE,
        String.format(
            Locale.ROOT,
            "an event's data may have at most %d bytes, this one has %d",
            limits.dataBytesMax(),
            bytes),
        limits.dataBytesMax());
  }

  private List<Acknowledgement> answer(AppendResult result, long sinceNanos) {
    return switch (result) {
      case AppendResult.Stored stored -> acknowledged(stored.events(), sinceNanos);
      case AppendResult.Refused refused -> {
        Problem problem = problem(refused.reason());
        refused(problem.code());
        throw new ProblemException(problem);
      }
    };
  }

  private List<Acknowledgement> acknowledged(List<Appended> events, long sinceNanos) {
    int duplicates = 0;
    List<Acknowledgement> acknowledged = new ArrayList<>(events.size());
    for (Appended event : events) {
      acknowledged.add(acknowledgement(event));
      duplicates += event.duplicate() ? 1 : 0;
    }
    figures.stored(face, events.size() - duplicates);
    figures.nanos(face).record(System.nanoTime() - sinceNanos);
    return Collections.unmodifiableList(acknowledged);
  }

  private Acknowledgement acknowledgement(Appended appended) {
    Position position = new Position(hub.range().epoch(), appended.seq());
    return new Acknowledgement(appended.id(), position, appended.duplicate());
  }

  private static Problem problem(AppendResult.Reason reason) {
    return switch (reason) {
      case DISK_FULL ->
          Problem.of(
              ErrorCode.DISK_FULL,
              "the hub's disk is full: the event was not stored; send it again later");
      case LOG_FAILED ->
          Problem.of(
              ErrorCode.LOG_UNAVAILABLE,
              "the hub's log failed: the event is not acknowledged, and may come to light all the"
                  + " same when the hub has been restarted; send it again then, with the same id");
      case LOG_CLOSED -> stopping();
    };
  }

  private static Problem stopping() {
    return Problem.of(ErrorCode.GOING_AWAY, "the hub is shutting down: the event was not stored");
  }
}
