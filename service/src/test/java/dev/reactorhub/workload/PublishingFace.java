package dev.reactorhub.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.reactorhub.history.Content;
import dev.reactorhub.history.Outcome;
import dev.reactorhub.stream.WebSocketClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** A way of handing in events. */
public enum PublishingFace {
  HTTP(1) {
    @Override
    public Connection connect(HttpClient http, Endpoint endpoint) {
      return contents -> post(http, endpoint, contents, Wire.json(contents.getFirst()));
    }
  },

  HTTP_BATCH(20) {
    @Override
    public Connection connect(HttpClient http, Endpoint endpoint) {
      return contents -> post(http, endpoint, contents, array(contents));
    }
  },

  WEB_SOCKET(16) {
    @Override
    public Connection connect(HttpClient http, Endpoint endpoint) throws Broken {
      try {
        return new WebSocketPublishing(WebSocketClient.open(http, endpoint.webSocket("?types=")));
      } catch (UncheckedIOException e) {
        throw new Broken(e);
      }
    }
  },

  GRPC(1) {
    @Override
    public Connection connect(HttpClient http, Endpoint endpoint) {
      return new GrpcPublishing.Unary(endpoint.grpc());
    }
  },

  GRPC_STREAM(32) {
    @Override
    public Connection connect(HttpClient http, Endpoint endpoint) {
      return new GrpcPublishing.Streaming(endpoint.grpc());
    }
  };

  /** Answers after which an event is known not to be stored. */
  private static final Set<String> NOT_STORED =
      Set.of("disk_full", "going_away", "invalid_event", "payload_too_large", "rate_limited");

  private final int eventsMax;

  PublishingFace(int eventsMax) {
    this.eventsMax = eventsMax;
  }

  /** How many events may be handed in at once. */
  int eventsMax() {
    return eventsMax;
  }

  /** Opens a connection, if the face has one that lasts. */
  public abstract Connection connect(HttpClient http, Endpoint endpoint) throws Broken;

  /** Where events are handed in, by one thread. */
  @FunctionalInterface
  public interface Connection extends AutoCloseable {
    /** Hands events in, in this order, and tells the outcome of each. Never throws. */
    List<Outcome> publish(List<Content> contents);

    @Override
    default void close() {}
  }

  /** What an error with this code says of an event. */
  static Outcome outcome(String code) {
    return NOT_STORED.contains(code) ? new Outcome.Refused(code) : new Outcome.Unknown(code);
  }

  static Outcome acknowledged(JsonNode answer) {
    return new Outcome.Acknowledged(
        Wire.position(answer.get("position").textValue()), answer.get("duplicate").booleanValue());
  }

  static List<Outcome> all(Outcome outcome, List<Content> contents) {
    return Collections.nCopies(contents.size(), outcome);
  }

  private static ArrayNode array(List<Content> contents) {
    ArrayNode array = Wire.object().arrayNode();
    contents.forEach(content -> array.add(Wire.json(content)));
    return array;
  }

  private static List<Outcome> post(
      HttpClient http, Endpoint endpoint, List<Content> contents, JsonNode body) {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.http("/api/v1/events"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      JsonNode answer = Wire.parse(response.body());
      if (response.statusCode() != 200) {
        return all(outcome(answer.get("code").textValue()), contents);
      }
      List<Outcome> outcomes = new ArrayList<>();
      if (answer.has("events")) {
        answer.get("events").forEach(each -> outcomes.add(acknowledged(each)));
      } else {
        outcomes.add(acknowledged(answer));
      }
      return outcomes;
    } catch (IOException e) {
      return all(new Outcome.Unknown(Outcome.BROKEN), contents);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return all(new Outcome.Unknown(Outcome.BROKEN), contents);
    }
  }
}
