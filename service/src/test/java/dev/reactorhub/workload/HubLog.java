package dev.reactorhub.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reactorhub.event.Position;
import dev.reactorhub.history.FinalLog;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The log of a hub as it is read over HTTP. */
record HubLog(HttpClient http, Supplier<Endpoint> endpoint) {
  /** What the hub writes, beside dead letters: when a WebSocket comes or goes. */
  private static final String CLIENTS_CHANNEL = "reactor.clients";

  /** The newest position. */
  Position head() {
    JsonNode page = get("/api/v1/events?channels=%3E&limit=1");
    return Wire.position(page.get("head").textValue());
  }

  /** All that is kept, up to a position at least. */
  FinalLog readTo(Position end) {
    List<FinalLog.Entry> entries = new ArrayList<>();
    Position next = new Position(end.epoch(), 0);
    while (next.seq() < end.seq()) {
      JsonNode page = get("/api/v1/events?channels=%3E&limit=1000&after=" + next);
      for (JsonNode event : page.get("events")) {
        entries.add(new FinalLog.Entry(event.get("seq").longValue(), Wire.content(event)));
      }
      next = Wire.position(page.get("next").textValue());
    }
    return new FinalLog(
        end.epoch(),
        entries,
        content -> content.channel().equals(CLIENTS_CHANNEL) || ConsumerCrowd.isLetter(content));
  }

  /** The status of a path of the hub. */
  int status(String path) {
    return response(path).statusCode();
  }

  private JsonNode get(String path) {
    HttpResponse<String> response = response(path);
    if (response.statusCode() != 200) {
      throw new AssertionError(path + ": " + response.body());
    }
    return Wire.parse(response.body());
  }

  private HttpResponse<String> response(String path) {
    try {
      HttpRequest request = HttpRequest.newBuilder(endpoint.get().http(path)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(path, e);
    }
  }
}
