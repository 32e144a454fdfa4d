package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reactorhub.client.CaughtUp;
import dev.reactorhub.client.Event;
import dev.reactorhub.client.EventStream;
import dev.reactorhub.client.Filter;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.client.StartAt;
import dev.reactorhub.stream.SseClient;
import dev.reactorhub.stream.StreamClient;
import dev.reactorhub.stream.WebSocketClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process: killed, started again, resumed on every face; and stopped as asked. */
final class HubProcessTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String TYPE = "order_placed";

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path data;

  @Test
  void afterAKillEveryFaceResumesWithExactlyWhatWasMissed() throws Exception {
    String seen;
    List<String> ids = new ArrayList<>();
    try (HubProcess hub = HubProcess.start(data)) {
      publish(hub, "o1", ids);
      seen = publish(hub, "o2", ids);
      publish(hub, "o3", ids);
      hub.kill();
    }
    try (HubProcess hub = HubProcess.start(data)) {
      publish(hub, "o4", ids);

      assertThat(ids).containsExactly("o1", "o2", "o3", "o4");
      assertThat(history(hub)).containsExactly("o1", "o2", "o3", "o4");
      assertThat(overWebSocket(hub, seen)).containsExactly("o3", "o4");
      assertThat(overSse(hub, seen)).containsExactly("o3", "o4");
      assertThat(overGrpc(hub, seen)).containsExactly("o3", "o4");
    }
  }

  @Test
  void aStoppedHubTellsWebSocketsWhereAndWhenToComeBackAndExitsWithZero() throws Exception {
    try (HubProcess hub = HubProcess.start(data, "--set", "drain.window=1s");
        WebSocketClient client = connect(hub, "")) {
      await().until(() -> client.count("reactor_connected") == 1);

      assertThat(hub.stop()).isZero();
      assertThat(client.closeCode()).isEqualTo(1012);
      assertThat(client.untaken())
          .anyMatch(
              message ->
                  message.path("type").asText().equals("reactor_going_away")
                      && message.path("data").has("reconnect_after_ms"));
    }
  }

  @Test
  void anAddressThatCannotBeHadIsToldInOneLine() throws Exception {
    Process hub = HubProcess.launched(HubLaunch.QUICK, data, "--host", "192.0.2.1");
    try (BufferedReader out = hub.inputReader()) {
      assertThat(out.lines())
          .containsExactly(
              "hub run: cannot listen on 192.0.2.1:0 (Cannot assign requested address): another"
                  + " program may use the port; choose one with --port, or an address of this"
                  + " machine with --host");
      assertThat(hub.waitFor()).isEqualTo(1);
    } finally {
      hub.destroyForcibly();
    }
  }

  private String publish(HubProcess hub, String id, List<String> ids) throws Exception {
    JsonNode answer = post(hub, id);
    ids.add(answer.get("id").asText());
    return answer.get("position").asText();
  }

  private JsonNode post(HubProcess hub, String id) throws Exception {
    String body = "{\"type\":\"" + TYPE + "\",\"id\":\"" + id + "\",\"data\":{}}";
    HttpRequest request =
        HttpRequest.newBuilder(hub.endpoint().http("/api/v1/events"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return MAPPER.readTree(answer.body());
  }

  private List<String> history(HubProcess hub) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(hub.endpoint().http("/api/v1/events?type=" + TYPE)).build();
    JsonNode page =
        MAPPER.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    List<String> ids = new ArrayList<>();
    page.get("events").forEach(event -> ids.add(event.get("id").asText()));
    return ids;
  }

  private List<String> overWebSocket(HubProcess hub, String after) throws IOException {
    return missed(connect(hub, "?type=" + TYPE + "&after=" + after));
  }

  private List<String> overSse(HubProcess hub, String after) throws Exception {
    URI uri = hub.endpoint().http("/api/v1/stream?type=" + TYPE);
    return missed(SseClient.open(http, uri, "Last-Event-ID", after));
  }

  /** The ids of the events that come before the client has caught up. */
  private static List<String> missed(StreamClient of) throws IOException {
    List<String> ids = new ArrayList<>();
    try (StreamClient client = of) {
      String message = client.next();
      while (!message.contains("reactor_caught_up")) {
        JsonNode frame = MAPPER.readTree(message);
        if (frame.has("seq")) {
          ids.add(frame.get("id").asText());
        }
        message = client.next();
      }
    }
    return ids;
  }

  private static List<String> overGrpc(HubProcess hub, String after) {
    List<String> ids = new ArrayList<>();
    try (ReactorClient client = ReactorClient.builder("127.0.0.1:" + hub.grpcPort()).build();
        EventStream events =
            client.subscribe(Filter.defaultChannel().ofTypes(TYPE), StartAt.after(after))) {
      while (events.hasNext()) {
        switch (events.next()) {
          case Event event -> ids.add(event.id());
          case CaughtUp caughtUp -> {
            return ids;
          }
          default -> {}
        }
      }
    }
    return ids;
  }

  private WebSocketClient connect(HubProcess hub, String query) {
    return WebSocketClient.open(http, hub.endpoint().webSocket(query));
  }
}
