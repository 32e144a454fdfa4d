package dev.reactorhub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.reactorhub.event.Channel;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.log.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Reactor JSON form of an event: {@code type} and {@code data} first, as existing frontends
 * expect, then {@code id}, {@code seq}, {@code channel}, {@code source}, {@code timestamp}, {@code
 * traceparent}. Any thread.
 */
public final class EventJson {
  private EventJson() {}

  /** Writes an event of the log. */
  public static byte[] encode(LogRecord record) {
    Event event = record.event();
    StringBuilder after = new StringBuilder(192);
    after.append(",\"id\":");
    appendString(after, event.id());
    after.append(",\"seq\":").append(record.seq());
    // Channels and types hold no character that JSON escapes.
    after.append(",\"channel\":\"").append(event.channel().value()).append("\",\"source\":");
    appendString(after, event.source());
    after.append(",\"timestamp\":\"").append(event.timestamp()).append('"');
    if (event.traceparent() != null) {
      after.append(",\"traceparent\":");
      appendString(after, event.traceparent());
    }
    after.append('}');
    byte[] head =
        ("{\"type\":\"" + event.type().value() + "\",\"data\":").getBytes(StandardCharsets.UTF_8);
    byte[] tail = after.toString().getBytes(StandardCharsets.UTF_8);
    byte[] data = event.data().utf8();
    byte[] all = new byte[head.length + data.length + tail.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(data, 0, all, head.length, data.length);
    System.arraycopy(tail, 0, all, head.length + data.length, tail.length);
    return all;
  }

  /**
   * Reads what a publisher sent: one event, or an array of events.
   *
   * @throws ProblemException when it is no JSON, or an event breaks a rule
   */
  public static List<EventDraft> decode(byte[] utf8) {
    JsonText.requireUtf8(utf8);
    try (JsonParser parser = JsonText.parser(utf8)) {
      List<EventDraft> drafts = new ArrayList<>();
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw JsonText.malformed("the text is empty");
      }
      if (first == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          drafts.add(draftAt(parser, utf8));
        }
      } else {
        drafts.add(draftAt(parser, utf8));
      }
      if (parser.nextToken() != null) {
        throw JsonText.malformed("there is more after the JSON value");
      }
      return drafts;
    } catch (IOException e) {
      throw JsonText.malformed(e);
    }
  }

  /** Reads the event object that the parser stands at; leaves the parser at its end. */
  static EventDraft draftAt(JsonParser parser, byte[] utf8) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new ProblemException(ErrorCode.INVALID_EVENT, "an event must be a JSON object");
    }
    String id = null;
    EventType type = null;
    Channel channel = Channel.DEFAULT;
    String source = null;
    Instant timestamp = null;
    String traceparent = null;
    Json data = Json.EMPTY_OBJECT;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "id" -> id = text(parser, field);
        case "type" -> {
          String name = text(parser, field);
          type = name == null ? null : Drafts.type(name);
        }
        case "channel" -> channel = Drafts.channel(text(parser, field));
        case "source" -> source = text(parser, field);
        case "timestamp" -> timestamp = timestamp(parser);
        case "traceparent" -> traceparent = text(parser, field);
        case "data" -> data = JsonText.valueAt(parser, utf8);
        // Fields that the hub gives are ignored, so that what it delivered can be sent again.
        default -> parser.skipChildren();
      }
    }
    if (type == null) {
      throw new ProblemException(ErrorCode.INVALID_EVENT, "an event needs a \"type\"");
    }
    return new EventDraft(id, type, channel, source, timestamp, data, traceparent);
  }

  /** RFC 3339, or seconds since the epoch as a JSON number. */
  static Instant timestamp(String text) {
    try {
      return inYears(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      throw new ProblemException(
          ErrorCode.INVALID_EVENT,
          "\"timestamp\" must be RFC 3339, for example 2026-01-31T12:00:00Z");
    }
  }

  private static @Nullable Instant timestamp(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        || parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      double seconds = parser.getDoubleValue();
      if (!(Math.abs(seconds) < 1e11)) {
        throw new ProblemException(
            ErrorCode.INVALID_EVENT, "a numeric \"timestamp\" counts seconds since 1970");
      }
      return inYears(Instant.ofEpochMilli(Math.round(seconds * 1000)));
    }
    String text = text(parser, "timestamp");
    return text == null ? null : timestamp(text);
  }

  private static Instant inYears(Instant timestamp) {
    if (timestamp.isBefore(Event.TIMESTAMP_MIN) || timestamp.isAfter(Event.TIMESTAMP_MAX)) {
      throw new ProblemException(
          ErrorCode.INVALID_EVENT, "\"timestamp\" must lie in the years 0001 to 9999");
    }
    return timestamp;
  }

  private static @Nullable String text(JsonParser parser, String field) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_STRING) {
      throw new ProblemException(
          ErrorCode.INVALID_EVENT, "\"" + field + "\" must be a JSON string");
    }
    return parser.getText();
  }

  private static void appendString(StringBuilder out, String value) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(value, out);
    out.append('"');
  }
}
