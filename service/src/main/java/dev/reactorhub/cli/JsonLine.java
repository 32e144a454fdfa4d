package dev.reactorhub.cli;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.reactorhub.client.Event;
import dev.reactorhub.client.PublishResult;
import java.util.stream.Collectors;

/** One JSON object a line, with the fields and in the order of the hub's own JSON form. */
final class JsonLine {
  private final StringBuilder text = new StringBuilder(256).append('{');

  private JsonLine() {}

  static String of(Event event) {
    JsonLine line =
        new JsonLine()
            .string("type", event.type())
            .raw("data", event.dataJson())
            .string("id", event.id())
            .raw("seq", Long.toString(event.seq()))
            .string("channel", event.channel())
            .string("source", event.source())
            .string("timestamp", event.timestamp().toString());
    event.traceparent().ifPresent(value -> line.string("traceparent", value));
    return line.end();
  }

  static String of(PublishResult stored) {
    return new JsonLine()
        .string("id", stored.id())
        .raw("seq", Long.toString(stored.seq()))
        .string("position", stored.position())
        .raw("duplicate", Boolean.toString(stored.duplicate()))
        .end();
  }

  static String of(LogTools.Summary log) {
    JsonLine line =
        new JsonLine()
            .raw("format", Integer.toString(log.format()))
            .string("epoch", log.epoch())
            .raw("events", Long.toString(log.events()))
            .raw("bytes", Long.toString(log.bytesOnDisk()));
    log.ends().ifPresent(ends -> line.raw("first", of(ends.first())).raw("last", of(ends.last())));
    return line.raw(
            "channels",
            log.channels().stream().map(JsonLine::of).collect(Collectors.joining(",", "[", "]")))
        .end();
  }

  private static String of(LogTools.Place place) {
    return new JsonLine()
        .string("position", place.position())
        .string("storedAt", place.storedAt().toString())
        .end();
  }

  private static String of(LogTools.ChannelInfo channel) {
    return new JsonLine()
        .string("channel", channel.channel())
        .raw("events", Long.toString(channel.events()))
        .string("last", channel.last())
        .end();
  }

  private JsonLine string(String name, String value) {
    field(name).append('"');
    JsonStringEncoder.getInstance().quoteAsString(value, text);
    text.append('"');
    return this;
  }

  private JsonLine raw(String name, String json) {
    field(name).append(json);
    return this;
  }

  private StringBuilder field(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    return text.append('"').append(name).append("\":");
  }

  private String end() {
    return text.append('}').toString();
  }
}
