package dev.reactorhub.cli;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.reactorhub.client.Event;
import dev.reactorhub.client.PublishResult;

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
