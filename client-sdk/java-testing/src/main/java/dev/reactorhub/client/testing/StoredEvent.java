package dev.reactorhub.client.testing;

import java.time.Instant;
import java.util.Optional;

/**
 * An event in the log of a {@link FakeHub}.
 *
 * @param id the publisher's id, or the one that the hub made
 * @param type the Reactor event name
 * @param channel the channel
 * @param source who emitted it
 * @param timestamp when it happened; the epoch (1970) when the publisher did not say
 * @param dataJson a JSON value as text, as it was sent: the fake hub does not read it
 * @param traceparent the publisher's W3C trace context, if it sent one
 * @param seq the place in the log, 1 or more
 * @param position the resume token of this event
 */
public record StoredEvent(
    String id,
    String type,
    String channel,
    String source,
    Instant timestamp,
    String dataJson,
    Optional<String> traceparent,
    long seq,
    String position) {}
