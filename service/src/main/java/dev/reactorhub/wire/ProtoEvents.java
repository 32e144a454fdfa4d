package dev.reactorhub.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Json;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.GapReason;
import dev.reactorhub.hub.Next;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.Gap;
import dev.reactorhub.v1.NewEvent;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The protobuf form of events ({@code reactorhub.v1}). Any thread. */
public final class ProtoEvents {
  private ProtoEvents() {}

  /** What is told of a hole. */
  public static Gap gap(Next.Gap gap) {
    Gap.Builder told =
        Gap.newBuilder()
            .setFrom(gap.from().toString())
            .setTo(gap.to().toString())
            .setReason(ControlMessages.reason(gap.reason()));
    if (gap.reason() == GapReason.CHANNEL_RETENTION) {
      told.setThrough(gap.through().toString());
    }
    return told.build();
  }

  /** Reads what a publisher sent. A problem names the field as an event's, not the message's. */
  public static EventDraft draft(NewEvent event) {
    if (event.getType().isEmpty()) {
      throw new ProblemException(
          Problem.of(ErrorCode.INVALID_EVENT, "an event needs a type").at("type"));
    }
    return new EventDraft(
        emptyToNull(event.getId()),
        ProblemException.at("type", () -> Drafts.type(event.getType())),
        ProblemException.at("channel", () -> Drafts.channel(event.getChannel())),
        emptyToNull(event.getSource()),
        event.hasTimestamp()
            ? ProblemException.at("timestamp", () -> instant(event.getTimestamp()))
            : null,
        event.getDataJson().isEmpty()
            ? Json.EMPTY_OBJECT
            : ProblemException.at(
                "data", () -> JsonText.parse(event.getDataJson().getBytes(StandardCharsets.UTF_8))),
        emptyToNull(event.getTraceparent()));
  }

  /** An event of the log. */
  public static Event event(Epoch epoch, LogRecord record) {
    dev.reactorhub.event.Event event = record.event();
    Event.Builder message =
        Event.newBuilder()
            .setId(event.id())
            .setType(event.type().value())
            .setChannel(event.channel().value())
            .setSource(event.source())
            .setTimestamp(timestamp(event.timestamp()))
            .setDataJsonBytes(ByteString.copyFrom(event.data().utf8()))
            .setSeq(record.seq())
            .setPosition(new Position(epoch, record.seq()).toString());
    if (event.traceparent() != null) {
      message.setTraceparent(event.traceparent());
    }
    return message.build();
  }

  /** The time of a message. */
  public static Instant instant(Timestamp timestamp) {
    try {
      return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    } catch (DateTimeException | ArithmeticException e) {
      throw new ProblemException(ErrorCode.INVALID_EVENT, "the timestamp is out of range");
    }
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
