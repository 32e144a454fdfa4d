package dev.reactorhub.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A Reactor event as the log takes it; its place is not part of it. Maps one to one onto
 * CloudEvents 1.0 (docs/protocol.md).
 *
 * <p>Immutable by agreement: the array behind {@code data} is shared, never written and never
 * copied.
 *
 * @param id the publisher's, the key of idempotent publishing; 1 to {@value #ID_CHARS_MAX}
 *     characters, no control characters
 * @param type the Reactor event name
 * @param channel the room
 * @param source who emits it; 1 to {@value #SOURCE_CHARS_MAX} characters, no control characters
 * @param timestamp when it happened, UTC, years 0001 to 9999
 * @param data one JSON value, UTF-8, already validated and without insignificant line breaks
 * @param traceparent W3C trace context, or null
 */
public record Event(
    String id,
    EventType type,
    Channel channel,
    String source,
    Instant timestamp,
    Json data,
    @Nullable String traceparent) {
  /** The longest id, in characters. */
  public static final int ID_CHARS_MAX = 128;

  /** The longest source, in characters. */
  public static final int SOURCE_CHARS_MAX = 128;

  /** The source of an event whose publisher named none. */
  public static final String SOURCE_DEFAULT = "system";

  /** The earliest time that RFC 3339 can write. */
  public static final Instant TIMESTAMP_MIN = Instant.parse("0001-01-01T00:00:00Z");

  /** The latest time that RFC 3339 can write. */
  public static final Instant TIMESTAMP_MAX = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private static final int TRACEPARENT_CHARS_MAX = 128;

  /** Validates the names. */
  public Event {
    Names.requireText("id", id, ID_CHARS_MAX);
    Names.requireText("source", source, SOURCE_CHARS_MAX);
    if (traceparent != null) {
      Names.requireText("traceparent", traceparent, TRACEPARENT_CHARS_MAX);
    }
    if (timestamp.isBefore(TIMESTAMP_MIN) || timestamp.isAfter(TIMESTAMP_MAX)) {
      throw new InvalidNameException(
          "timestamp", timestamp.toString(), "must lie in the years 0001 to 9999");
    }
  }

  /** About how many bytes the event takes in memory and on disk. */
  public int sizeBytes() {
    return data.sizeBytes()
        + id.length()
        + type.value().length()
        + channel.value().length()
        + source.length()
        + 32;
  }
}
