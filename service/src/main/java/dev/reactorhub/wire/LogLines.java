package dev.reactorhub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.Position;
import dev.reactorhub.log.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * The lines of an exported log: {@link EventJson}, then {@code position} and {@code storedAt}. Any
 * thread.
 */
public final class LogLines {
  private final InstantSource clock;
  private final UuidV7 ids;

  /** Fills in by this clock what a line leaves out. */
  public LogLines(InstantSource clock) {
    this.clock = clock;
    this.ids = new UuidV7(clock);
  }

  /** The line of a record, without its end. */
  public static byte[] encode(Epoch epoch, LogRecord record) {
    byte[] json = EventJson.encode(record);
    // Neither holds a character that JSON escapes.
    byte[] more =
        (",\"position\":\""
                + new Position(epoch, record.seq())
                + "\",\"storedAt\":\""
                + record.storedAt()
                + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    byte[] line = new byte[json.length - 1 + more.length];
    System.arraycopy(json, 0, line, 0, json.length - 1);
    System.arraycopy(more, 0, line, json.length - 1, more.length);
    return line;
  }

  /**
   * The event of a line, whatever else the line says of its place.
   *
   * @throws ProblemException when it is no JSON, or the event breaks a rule
   */
  public Event event(byte[] line) {
    List<EventDraft> drafts = EventJson.decode(line);
    if (drafts.size() != 1 || EventBody.firstByte(line) != '{') {
      throw new ProblemException(ErrorCode.INVALID_EVENT, "a line must be one event");
    }
    return drafts.getFirst().event(ids, clock.instant());
  }

  /**
   * The event of a line with the place it had.
   *
   * @throws ProblemException also when the line does not say its place
   */
  public Placed placed(byte[] line) {
    Event event = event(line);
    Position position = Position.parse(field(line, "position")).orElseThrow(LogLines::noPlace);
    if (position.seq() < 1) {
      throw noPlace();
    }
    try {
      Instant storedAt = OffsetDateTime.parse(field(line, "storedAt")).toInstant();
      return new Placed(position.epoch(), new LogRecord(position.seq(), storedAt, event));
    } catch (DateTimeParseException e) {
      throw noPlace();
    }
  }

  private static String field(byte[] line, String name) {
    try (JsonParser parser = JsonText.parser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isIt = parser.currentName().equals(name);
        JsonToken value = parser.nextToken();
        if (isIt && value == JsonToken.VALUE_STRING) {
          return parser.getText();
        }
        parser.skipChildren();
      }
      throw noPlace();
    } catch (IOException e) {
      throw JsonText.malformed(e);
    }
  }

  private static ProblemException noPlace() {
    return new ProblemException(
        ErrorCode.INVALID_EVENT,
        "a \"position\" such as k3x9.1042 and a \"storedAt\" are needed to keep positions");
  }

  /** A record of the log of an epoch. */
  public record Placed(Epoch epoch, LogRecord record) {}
}
