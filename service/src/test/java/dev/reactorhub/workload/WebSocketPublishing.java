package dev.reactorhub.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reactorhub.history.Content;
import dev.reactorhub.history.Outcome;
import dev.reactorhub.stream.WebSocketClient;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Publishes over a WebSocket that follows nothing: all commands first, then all answers. */
record WebSocketPublishing(WebSocketClient client) implements PublishingFace.Connection {
  @Override
  public List<Outcome> publish(List<Content> contents) {
    List<Outcome> outcomes = new ArrayList<>();
    try {
      for (int i = 0; i < contents.size(); i++) {
        ObjectNode command = Wire.object();
        command.put("type", "publish");
        command.set("data", Wire.json(contents.get(i)));
        command.put("ref", i);
        client.send(command.toString());
      }
      while (outcomes.size() < contents.size()) {
        answer(Wire.parse(client.next()), outcomes);
      }
    } catch (UncheckedIOException e) {
      while (outcomes.size() < contents.size()) {
        outcomes.add(new Outcome.Unknown(Outcome.BROKEN));
      }
    }
    return outcomes;
  }

  private static void answer(JsonNode message, List<Outcome> outcomes) {
    String type = message.get("type").textValue();
    if (message.has("ref") && message.get("ref").intValue() != outcomes.size()) {
      throw new AssertionError(outcomes.size() + " is due, not " + message);
    }
    JsonNode data = message.get("data");
    if (type.equals("reactor_published")) {
      outcomes.add(PublishingFace.acknowledged(data));
    } else if (type.equals("reactor_error")) {
      outcomes.add(PublishingFace.outcome(data.get("code").textValue()));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
