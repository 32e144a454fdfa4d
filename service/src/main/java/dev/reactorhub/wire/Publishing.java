package dev.reactorhub.wire;

import dev.reactorhub.event.Event;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.Appended;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * The one way in for events of all faces: checks the bounds, fills in what the publisher left out,
 * hands the events to the hub and turns the outcome into an answer. Any thread.
 */
public final class Publishing {
  private final Hub hub;
  private final WireLimits limits;
  private final InstantSource clock;
  private final UuidV7 ids;

  /** Publishes into this hub. */
  public Publishing(Hub hub, WireLimits limits, InstantSource clock) {
    this.hub = hub;
    this.limits = limits;
    this.clock = clock;
    this.ids = new UuidV7(clock);
  }

  /**
   * Publishes drafts as one unit.
   *
   * @return one acknowledgement per draft, in order; completes exceptionally with a {@link
   *     ProblemException}, on the log's thread: a dependent action must not block
   * @throws ProblemException when a draft breaks a rule: nothing was published
   */
  public CompletableFuture<List<Acknowledgement>> publish(List<EventDraft> drafts) {
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
    List<Event> events = drafts.stream().map(draft -> complete(draft, now)).toList();
    return hub.publish(events).thenApply(this::acknowledged);
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

  private List<Acknowledgement> acknowledged(AppendResult result) {
    return switch (result) {
      case AppendResult.Stored stored ->
          stored.events().stream().map(this::acknowledgement).toList();
      case AppendResult.Refused refused -> throw new ProblemException(problem(refused.reason()));
    };
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
      case LOG_CLOSED ->
          Problem.of(ErrorCode.GOING_AWAY, "the hub is shutting down: the event was not stored");
    };
  }
}
