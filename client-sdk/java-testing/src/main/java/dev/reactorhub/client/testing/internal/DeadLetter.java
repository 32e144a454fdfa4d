package dev.reactorhub.client.testing.internal;

import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.NewEvent;
import java.time.Instant;

/** Makes what the hub publishes for an event that failed too often. */
final class DeadLetter {
  private DeadLetter() {}

  static NewEvent of(String consumer, String channel, Event event, int attempts, String error) {
    String original =
        "{\"type\":"
            + quoted(event.getType())
            + ",\"data\":"
            + event.getDataJson()
            + ",\"id\":"
            + quoted(event.getId())
            + ",\"seq\":"
            + event.getSeq()
            + ",\"channel\":"
            + quoted(event.getChannel())
            + ",\"source\":"
            + quoted(event.getSource())
            + ",\"timestamp\":"
            + quoted(Instant.ofEpochSecond(event.getTimestamp().getSeconds()).toString())
            + "}";
    String data =
        "{\"consumer\":"
            + quoted(consumer)
            + ",\"position\":"
            + quoted(event.getPosition())
            + ",\"attempts\":"
            + attempts
            + ",\"error\":"
            + quoted(error)
            + ",\"event\":"
            + original
            + "}";
    return NewEvent.newBuilder()
        .setId("dead-letter:" + consumer + ":" + event.getPosition())
        .setType("reactor_dead_letter")
        .setChannel(channel)
        .setSource("reactor-hub")
        .setDataJson(data)
        .setTraceparent(event.getTraceparent())
        .build();
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c < ' ' || c == '"' || c == '\\') {
                json.append(String.format(java.util.Locale.ROOT, "\\u%04x", c));
              } else {
                json.append((char) c);
              }
            });
    return json.append('"').toString();
  }
}
