package dev.reactorhub.client;

import com.google.protobuf.Timestamp;
import dev.reactorhub.v1.Earliest;
import dev.reactorhub.v1.GetStatusResponse;
import dev.reactorhub.v1.Latest;
import dev.reactorhub.v1.PublishResponse;
import dev.reactorhub.v1.PublishStreamResponse;
import dev.reactorhub.v1.ReadHistoryResponse;
import dev.reactorhub.v1.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Turns values into messages of the gRPC API and back. */
final class Wire {
  private Wire() {}

  static dev.reactorhub.v1.NewEvent toMessage(NewEvent event, String id) {
    dev.reactorhub.v1.NewEvent.Builder message =
        dev.reactorhub.v1.NewEvent.newBuilder()
            .setId(id)
            .setType(event.type())
            .setChannel(event.channel())
            .setSource(event.source())
            .setDataJson(event.dataJson());
    event.timestamp().ifPresent(timestamp -> message.setTimestamp(toMessage(timestamp)));
    event.traceparent().ifPresent(message::setTraceparent);
    return message.build();
  }

  static dev.reactorhub.v1.Filter toMessage(Filter filter) {
    return dev.reactorhub.v1.Filter.newBuilder()
        .addAllChannels(filter.channels())
        .addAllTypes(filter.types())
        .build();
  }

  static Start toMessage(StartAt start) {
    Start.Builder message = Start.newBuilder();
    if (start instanceof StartAt.Latest) {
      message.setLatest(Latest.getDefaultInstance());
    } else if (start instanceof StartAt.Earliest) {
      message.setEarliest(Earliest.getDefaultInstance());
    } else if (start instanceof StartAt.After after) {
      message.setAfter(after.position());
    } else if (start instanceof StartAt.Since since) {
      message.setSince(toMessage(since.time()));
    } else if (start instanceof StartAt.Stored stored) {
      // The store is asked before; whoever has no use for it begins where an empty one does.
      return toMessage(stored.whenEmpty());
    }
    return message.build();
  }

  static Timestamp toMessage(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Instant instant(Timestamp message) {
    return Instant.ofEpochSecond(message.getSeconds(), message.getNanos());
  }

  static Event event(dev.reactorhub.v1.Event message) {
    String traceparent = message.getTraceparent();
    return new Event(
        message.getId(),
        message.getType(),
        message.getChannel(),
        message.getSource(),
        instant(message.getTimestamp()),
        message.getDataJson(),
        traceparent.isEmpty() ? Optional.empty() : Optional.of(traceparent),
        message.getSeq(),
        message.getPosition());
  }

  static PublishResult publishResult(PublishStreamResponse message) {
    return new PublishResult(
        message.getId(), message.getSeq(), message.getPosition(), message.getDuplicate());
  }

  static PublishResult publishResult(PublishResponse message) {
    return new PublishResult(
        message.getId(), message.getSeq(), message.getPosition(), message.getDuplicate());
  }

  static HistoryPage historyPage(ReadHistoryResponse message) {
    return new HistoryPage(
        message.getEventsList().stream().map(Wire::event).toList(),
        message.getNext(),
        message.getHead(),
        message.hasGap() ? Optional.of(gap(message.getGap())) : Optional.empty());
  }

  static Gap gap(dev.reactorhub.v1.Gap message) {
    return new Gap(
        message.getFrom(),
        message.getTo(),
        message.getReason(),
        message.getThrough().isEmpty() ? message.getTo() : message.getThrough());
  }

  static HubStatus hubStatus(GetStatusResponse message) {
    return new HubStatus(
        message.getEpoch(),
        message.getHead(),
        message.getEarliest(),
        message.getSessions(),
        message.getEventsPublished(),
        duration(message.getUptime()),
        message.getVersion());
  }

  static com.google.protobuf.Duration toMessage(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  static Duration duration(com.google.protobuf.Duration message) {
    return Duration.ofSeconds(message.getSeconds(), message.getNanos());
  }
}
