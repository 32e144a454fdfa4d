package dev.reactorhub.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Talks HTTP with a hub's process. */
final class HubHttp {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;

  HubHttp(HubProcess hub) {
    this(hub.port());
  }

  /** Of a hub on this machine. */
  HubHttp(int port) {
    this.base = "http://127.0.0.1:" + port;
  }

  /** An answer in JSON. */
  record Answer(int status, JsonNode body) {
    /** The code of the hub's table of errors. */
    String code() {
      return body.path("code").asText();
    }
  }

  /** Publishes what the text holds: one event or an array of them. */
  Answer publish(String json) throws IOException, InterruptedException {
    return answer(
        request("/api/v1/events")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  Answer get(String path) throws IOException, InterruptedException {
    return answer(request(path));
  }

  /** The whole history of a type, page by page. */
  List<JsonNode> history(String type) throws IOException, InterruptedException {
    List<JsonNode> events = new ArrayList<>();
    String after = "";
    while (true) {
      Answer page = get("/api/v1/events?limit=500&type=" + type + after);
      if (page.status() != 200) {
        throw new AssertionError(page.toString());
      }
      page.body().get("events").forEach(events::add);
      String next = page.body().get("next").asText();
      if (next.equals(page.body().get("head").asText())) {
        return events;
      }
      after = "&after=" + next;
    }
  }

  /** The status that the readiness check answers with. */
  int readiness() throws IOException, InterruptedException {
    return get("/observe/health/ready").status();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER_MAX);
  }

  private Answer answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), MAPPER.readTree(response.body()));
  }
}
