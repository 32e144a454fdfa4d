package dev.reactorhub.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.web.WebFixture.Options;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SseTest {
  @Test
  void aStreamBeginsWithTheRetryTimeAndItsPosition() throws Exception {
    try (WebFixture f = new WebFixture()) {
      f.publish("default", "a");
      HttpResponse<Stream<String>> answer = open(f, "");

      assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
      assertThat(answer.headers().firstValue("X-Accel-Buffering")).contains("no");
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-cache, no-transform");
      Iterator<String> lines = answer.body().iterator();
      assertThat(take(lines, 4)).containsExactly("retry: 2000", "", "id: " + f.position(1), "");
      f.post("application/json", "{\"type\":\"b\",\"id\":\"i2\"}");
      assertThat(take(lines, 3))
          .containsExactly(
              "id: " + f.position(2),
              "data: {\"type\":\"b\",\"data\":{},\"id\":\"i2\",\"seq\":2,\"channel\":\"default\","
                  + "\"source\":\"system\",\"timestamp\":\"2026-01-31T12:00:00Z\"}",
              "");
    }
  }

  @Test
  void theLastEventIdBeatsTheQuery() throws Exception {
    try (WebFixture f = new WebFixture()) {
      for (int i = 0; i < 5; i++) {
        f.publish("default", "a");
      }
      Iterator<String> lines =
          open(f, "?after=" + f.position(0), "Last-Event-ID", f.position(3)).body().iterator();

      assertThat(ids(lines, "reactor_caught_up"))
          .containsExactly(f.position(3), f.position(4), f.position(5), f.position(5));
    }
  }

  @Test
  void aGapComesFirstAndMovesTheId() throws Exception {
    try (WebFixture f = new WebFixture()) {
      f.publish("default", "a");
      Iterator<String> lines = open(f, "?after=other.7").body().iterator();

      take(lines, 4);
      assertThat(take(lines, 2))
          .containsExactly(
              "id: " + f.position(0),
              gap("other.7", f.position(0), "\"reason\":\"epoch_unknown\""));
    }
  }

  @Test
  void aGapComesFirstWhenRetentionHasPassed() throws Exception {
    try (WebFixture f = new WebFixture(Options.USUAL.withEventsKept(10))) {
      for (int i = 0; i < 100; i++) {
        f.publish("default", "a");
      }
      f.log.enforceRetention();
      Iterator<String> lines = open(f, "?after=" + f.position(3)).body().iterator();

      take(lines, 4);
      assertThat(take(lines, 4))
          .containsExactly(
              "id: " + f.position(90),
              gap(f.position(3), f.position(90), "\"reason\":\"position_expired\""),
              "",
              "id: " + f.position(91));
    }
  }

  @Test
  void aHoleThatARuleMadeComesFirstAndTheIdSkipsNothingThatIsLeft() throws Exception {
    try (WebFixture f = new WebFixture()) {
      f.makeAHole();
      Iterator<String> lines =
          open(f, "?channels=brief.a,default&after=" + f.position(0)).body().iterator();

      take(lines, 4);
      assertThat(take(lines, 4))
          .containsExactly(
              "id: " + f.position(1),
              gap(
                  f.position(0),
                  f.position(1),
                  "\"reason\":\"channel_retention\",\"through\":\"" + f.position(3) + "\""),
              "",
              "id: " + f.position(2));
      assertThat(ids(lines, "reactor_caught_up"))
          .startsWith(f.position(4), f.position(5), f.position(6));
      assertThat(ids(open(f, "?after=" + f.position(0)).body().iterator(), "reactor_caught_up"))
          .startsWith(f.position(0), f.position(2), f.position(4));
    }
  }

  @Test
  void aHeartbeatMovesTheIdOfAFilteredStream() throws Exception {
    try (WebFixture f = new WebFixture(Options.USUAL.withHeartbeat(Duration.ofMillis(50)))) {
      Iterator<String> lines = open(f, "?channel=quiet").body().iterator();
      f.publish("default", "a");

      await().until(() -> lines.next().equals("id: " + f.position(1)));
    }
  }

  @Test
  void aClientThatReadsLateGetsEverythingInOrder() throws Exception {
    String data = "x".repeat(100_000);
    int events = 200;
    try (WebFixture f = new WebFixture()) {
      Iterator<String> lines = open(f, "").body().iterator();
      for (int i = 0; i < events; i++) {
        f.post("application/json", "{\"type\":\"a\",\"data\":\"" + data + "\"}");
      }
      f.publish("default", "end");

      List<String> expected = new ArrayList<>();
      for (int seq = 0; seq <= events + 1; seq++) {
        expected.add(f.position(seq));
      }
      // Falling behind and catching up are announced with the id of the event before.
      assertThat(ids(lines, "\"type\":\"end\"").stream().distinct())
          .containsExactlyElementsOf(expected);
    }
  }

  @Test
  void manyClientsGetTheSameEventsAtOnce() throws Exception {
    try (WebFixture f = new WebFixture()) {
      List<Iterator<String>> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(open(f, "").body().iterator());
        take(clients.getLast(), 4);
      }
      for (int i = 0; i < 50; i++) {
        f.publish("default", "a");
      }
      f.publish("default", "end");

      for (Iterator<String> client : clients) {
        assertThat(ids(client, "\"type\":\"end\"")).hasSize(51).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void aClientThatGoesLeavesNothingBehind() throws Exception {
    try (WebFixture f = new WebFixture(Options.USUAL.withHeartbeat(Duration.ofMillis(50)))) {
      try (Stream<String> lines = open(f, "").body()) {
        assertThat(lines.iterator().next()).isEqualTo("retry: 2000");
        assertThat(f.hub.stats().subscriptions()).isEqualTo(1);
      }

      await().until(() -> f.hub.stats().subscriptions() == 0 && f.sessions.count() == 0);
    }
  }

  private static HttpResponse<Stream<String>> open(WebFixture f, String query, String... headers)
      throws Exception {
    return f.http.send(
        f.request("/api/v1/stream" + query, headers).build(), BodyHandlers.ofLines());
  }

  private static String gap(String from, String to, String why) {
    return "data: {\"type\":\"reactor_gap\",\"data\":{\"from\":\"%s\",\"to\":\"%s\",%s}}"
        .formatted(from, to, why);
  }

  private static List<String> take(Iterator<String> lines, int count) {
    List<String> taken = new ArrayList<>();
    while (taken.size() < count) {
      taken.add(lines.next());
    }
    return taken;
  }

  /** The ids up to the message that holds the word. */
  private static List<String> ids(Iterator<String> lines, String word) {
    List<String> ids = new ArrayList<>();
    String line = lines.next();
    while (!line.contains(word)) {
      if (line.startsWith("id: ")) {
        ids.add(line.substring("id: ".length()));
      }
      line = lines.next();
    }
    return ids;
  }
}
