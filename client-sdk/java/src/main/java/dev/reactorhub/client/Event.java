package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * An event of the log.
 *
 * @param id the publisher's id, or the one that the hub made
 * @param type the Reactor event name, for example {@code news_processed}
 * @param channel the channel, {@code default} when the publisher named none
 * @param source who emitted it, {@code system} when the publisher named nobody
 * @param timestamp when it happened, as the publisher said or by the hub's clock; the log is
 *     ordered by {@code seq}, never by this
 * @param dataJson a JSON value as text (RFC 8259)
 * @param traceparent the publisher's W3C trace context, if it sent one
 * @param seq the place in the log, 1 or more, rising from event to event over all channels
 * @param position the resume token of this event: {@link StartAt#after(String)} goes on behind it
 */
public record Event(
    String id,
    String type,
    String channel,
    String source,
    Instant timestamp,
    String dataJson,
    Optional<String> traceparent,
    long seq,
    String position)
    implements Delivery {

  /** Checks that the event has a place in the log. */
  public Event {
    requireNonNull(id, "id");
    requireNonNull(type, "type");
    requireNonNull(channel, "channel");
    requireNonNull(source, "source");
    requireNonNull(timestamp, "timestamp");
    requireNonNull(dataJson, "dataJson");
    requireNonNull(traceparent, "traceparent");
    if (seq < 1) {
      throw new IllegalArgumentException("seq is " + seq + ": must be at least 1");
    }
    Names.position(position);
  }

  @Override
  public void deliverTo(SubscriptionListener listener) throws Exception {
    listener.onEvent(this);
  }
}
