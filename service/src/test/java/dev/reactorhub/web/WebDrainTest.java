package dev.reactorhub.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.stream.SseClient;
import dev.reactorhub.stream.WebSocketClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the clients of the HTTP face see of a hub that goes away. */
final class WebDrainTest {
  private static final ReturnTimes TIMES =
      new ReturnTimes(Duration.ofSeconds(2), Duration.ofSeconds(10));
  private static final String EVENT = "{\"type\":\"a\"}";

  @Test
  void eachWebSocketIsToldWhereAndWhenAndClosedWith1012() throws Exception {
    try (WebFixture f = new WebFixture()) {
      List<WebSocketClient> clients =
          IntStream.range(0, 4).mapToObj(i -> f.connect("?channels=x")).toList();
      clients.forEach(client -> await().until(() -> client.count("reactor_connected") == 1));
      await().until(() -> f.hub.stats().subscriptions() == 4);
      long last = f.publish("x", "a");
      clients.forEach(
          client -> await().until(() -> client.untaken().getLast().path("seq").asLong() == last));

      f.face.goAway(TIMES);

      List<Long> delays = new ArrayList<>();
      for (WebSocketClient client : clients) {
        assertThat(client.closeCode()).isEqualTo(1012);
        List<JsonNode> told = client.untaken();
        assertThat(told.get(told.size() - 2).path("seq").asLong()).isEqualTo(last);
        JsonNode goodbye = told.getLast();
        assertThat(goodbye.path("type").asText()).isEqualTo("reactor_going_away");
        assertThat(seq(goodbye.path("data").path("position").asText()))
            .isGreaterThanOrEqualTo(last);
        delays.add(goodbye.path("data").path("reconnect_after_ms").asLong());
        client.close();
      }
      assertThat(delays).containsExactlyInAnyOrder(2_000L, 4_500L, 7_000L, 9_500L);
      assertThat(f.face.awaitGone(Duration.ofSeconds(30))).isTrue();
    }
  }

  @Test
  void aStreamOfServerSentEventsIsToldByItsRetryAndEnds() throws Exception {
    try (WebFixture f = new WebFixture();
        SseClient client = SseClient.open(f.http, f.uri("/api/v1/stream"))) {
      await().until(() -> f.hub.stats().subscriptions() == 1);

      f.face.goAway(TIMES);

      await().until(client::isEnded);
      assertThat(client.untaken())
          .singleElement()
          .satisfies(
              message ->
                  assertThat(message.path("data").path("reconnect_after_ms").asLong())
                      .isEqualTo(2_000));
      assertThat(f.face.awaitGone(Duration.ofSeconds(30))).isTrue();
    }
  }

  @Test
  void whoComesTooLateIsRefusedAndToldWhenToComeAgain() {
    try (WebFixture f = new WebFixture()) {
      f.face.goAway(TIMES);

      for (HttpResponse<String> answer :
          List.of(f.post("application/json", EVENT), f.get("/api/v1/stream"))) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"code\":\"going_away\"");
        assertThat(retryAfter(answer)).isBetween(2L, 12L);
        assertThat(answer.headers().firstValue("Connection")).hasValue("close");
      }
      HttpResponse<?> refusal = f.refused();
      assertThat(refusal.statusCode()).isEqualTo(503);
      assertThat(retryAfter(refusal)).isBetween(2L, 12L);
      assertThat(f.log.range().head()).isZero();
    }
  }

  @Test
  void anEventSourceThatComesTooLateIsToldByAStreamBecauseItWouldNotSurviveA503() {
    try (WebFixture f = new WebFixture()) {
      f.publish("default", "a");
      f.face.goAway(TIMES);

      HttpResponse<String> answer =
          f.get("/api/v1/stream", "Accept", "text/event-stream", "Last-Event-ID", f.position(1));

      assertThat(answer.statusCode()).isEqualTo(200);
      List<String> lines = answer.body().lines().collect(Collectors.toList());
      assertThat(Long.parseLong(lines.getFirst().substring("retry: ".length())))
          .isBetween(2_000L, 12_000L);
      assertThat(lines).contains("id: " + f.position(1));
      assertThat(lines.getLast().isEmpty() ? lines.get(lines.size() - 2) : lines.getLast())
          .contains("reactor_going_away");
    }
  }

  @Test
  void aSessionThatWasAcceptedJustBeforeIsToldAsWell() {
    try (WebFixture f = new WebFixture()) {
      try (StreamSessions sessions = f.streamSessions()) {
        sessions.goAway(TIMES);
        List<Duration> told = new ArrayList<>();

        sessions.add(new Told(told));

        assertThat(told)
            .singleElement()
            .satisfies(
                delay ->
                    assertThat(delay).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(12)));
      }
    }
  }

  private static long retryAfter(HttpResponse<?> answer) {
    return answer.headers().firstValueAsLong("Retry-After").orElseThrow();
  }

  private static long seq(String position) {
    return Long.parseLong(position.substring(position.indexOf('.') + 1));
  }

  /** A session that only writes down when it is told to go. */
  private record Told(List<Duration> delays) implements StreamSession {
    @Override
    public void tick(long nowNanos) {}

    @Override
    public void goAway(Duration reconnectAfter) {
      delays.add(reconnectAfter);
    }

    @Override
    public void cut() {}
  }
}
