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
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
    try (HubProcess hub = HubProcess.start(data, "--set", "drain.window=1s")) {
      Client client = connect(hub, "");
      await().until(() -> client.messages.stream().anyMatch(m -> m.contains("reactor_connected")));

      assertThat(hub.stop()).isZero();
      await().until(() -> client.closeCode == 1012);
      assertThat(client.messages)
          .anyMatch(m -> m.contains("reactor_going_away") && m.contains("reconnect_after_ms"));
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
        HttpRequest.newBuilder(uri("http", hub, "/api/v1/events"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return MAPPER.readTree(answer.body());
  }

  private List<String> history(HubProcess hub) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("http", hub, "/api/v1/events?type=" + TYPE)).build();
    JsonNode page =
        MAPPER.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    List<String> ids = new ArrayList<>();
    page.get("events").forEach(event -> ids.add(event.get("id").asText()));
    return ids;
  }

  private List<String> overWebSocket(HubProcess hub, String after) throws Exception {
    Client client = connect(hub, "?type=" + TYPE + "&after=" + after);
    List<String> ids = new ArrayList<>();
    while (true) {
      String message = client.messages.poll(30, TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      if (message.contains("reactor_caught_up")) {
        client.abort();
        return ids;
      }
      addId(message, ids);
    }
  }

  private List<String> overSse(HubProcess hub, String after) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("http", hub, "/api/v1/stream?type=" + TYPE))
            .header("Last-Event-ID", after)
            .build();
    List<String> ids = new ArrayList<>();
    try (Stream<String> lines = http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      lines
          .filter(line -> line.startsWith("data: "))
          .takeWhile(line -> !line.contains("reactor_caught_up"))
          .forEach(line -> addId(line.substring("data: ".length()), ids));
    }
    return ids;
  }

  private static List<String> overGrpc(HubProcess hub, String after) {
    List<String> ids = new ArrayList<>();
    try (ReactorClient client = ReactorClient.builder("127.0.0.1:" + hub.grpcPort()).build();
        EventStream events =
            client.events(Filter.defaultChannel().ofTypes(TYPE), StartAt.after(after))) {
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

  private static void addId(String message, List<String> ids) {
    try {
      JsonNode frame = MAPPER.readTree(message);
      if (frame.has("seq")) {
        ids.add(frame.get("id").asText());
      }
    } catch (IOException e) {
      throw new AssertionError(message, e);
    }
  }

  private Client connect(HubProcess hub, String query) {
    Client client = new Client();
    client.socket =
        http.newWebSocketBuilder().buildAsync(uri("ws", hub, "/ws/stream" + query), client).join();
    return client;
  }

  private static URI uri(String scheme, HubProcess hub, String path) {
    return URI.create(scheme + "://127.0.0.1:" + hub.port() + path);
  }

  /** Keeps what a WebSocket was told. */
  private static final class Client implements WebSocket.Listener {
    final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    @Nullable WebSocket socket;
    volatile int closeCode;

    void abort() {
      if (socket != null) {
        socket.abort();
      }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        messages.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closeCode = code;
      return null;
    }
  }
}
