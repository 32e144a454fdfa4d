package dev.reactorhub.wire;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.InvalidNameException;
import dev.reactorhub.event.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as a publisher sent it: what is null, the hub fills in.
 *
 * @param id null: a UUIDv7
 * @param source null: {@code system}
 * @param timestamp null: the hub's clock
 */
public record EventDraft(
    @Nullable String id,
    EventType type,
    Channel channel,
    @Nullable String source,
    @Nullable Instant timestamp,
    Json data,
    @Nullable String traceparent) {
  /**
   * The whole event.
   *
   * @throws ProblemException when a name breaks its rule
   */
  Event event(UuidV7 ids, Instant now) {
    try {
      return new Event(
          id == null ? ids.next().toString() : id,
          type,
          channel,
          source == null ? Event.SOURCE_DEFAULT : source,
          timestamp == null ? now : timestamp,
          data,
          traceparent);
    } catch (InvalidNameException e) {
      throw new ProblemException(Drafts.invalid(e).at(e.what()));
    }
  }

  /** The same, within the trace of the call that publishes it, unless it names one itself. */
  public EventDraft inTrace(@Nullable String traceparentOfCall) {
    return traceparent != null || traceparentOfCall == null
        ? this
        : new EventDraft(id, type, channel, source, timestamp, data, traceparentOfCall);
  }
}
