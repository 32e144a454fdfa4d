package dev.reactorhub.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import dev.reactorhub.event.Position;
import dev.reactorhub.history.Content;
import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.NewEvent;
import java.time.Instant;

/** Events as they stand on the wire, to and from {@link Content}; no code of the hub is used. */
final class Wire {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Wire() {}

  static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static Position position(String text) {
    return Position.parse(text).orElseThrow(() -> new AssertionError("no position: " + text));
  }

  static ObjectNode json(Content content) {
    ObjectNode json = object();
    json.put("id", content.id());
    json.put("type", content.type());
    json.put("channel", content.channel());
    json.put("source", content.source());
    json.put("timestamp", content.timestamp().toString());
    json.set("data", parse(content.data()));
    return json;
  }

  static Content content(JsonNode event) {
    return new Content(
        event.get("id").textValue(),
        event.get("type").textValue(),
        event.get("channel").textValue(),
        event.get("source").textValue(),
        Instant.parse(event.get("timestamp").textValue()),
        event.get("data").toString());
  }

  static NewEvent proto(Content content) {
    return NewEvent.newBuilder()
        .setId(content.id())
        .setType(content.type())
        .setChannel(content.channel())
        .setSource(content.source())
        .setTimestamp(timestamp(content.timestamp()))
        .setDataJson(content.data())
        .build();
  }

  private static Timestamp timestamp(Instant instant) {
    long seconds = instant.getEpochSecond();
    int nanos = instant.getNano();
    return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  static Content content(Event event) {
    return new Content(
        event.getId(),
        event.getType(),
        event.getChannel(),
        event.getSource(),
        Instant.ofEpochSecond(event.getTimestamp().getSeconds(), event.getTimestamp().getNanos()),
        parse(event.getDataJson()).toString());
  }
}
