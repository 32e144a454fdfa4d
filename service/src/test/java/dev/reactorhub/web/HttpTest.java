package dev.reactorhub.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.web.WebFixture.Options;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Publishing, history, status and refusals over HTTP. */
final class HttpTest {
  private static final String JSON = "application/json";

  @Test
  void oneEventIsAnsweredByItsPlaceAndAnArrayByAll() {
    try (WebFixture f = new WebFixture()) {
      assertThat(f.post(JSON, "{\"type\":\"a\",\"id\":\"e1\"}").body())
          .isEqualTo(
              "{\"id\":\"e1\",\"seq\":1,\"position\":\""
                  + f.position(1)
                  + "\",\"duplicate\":false}");
      assertThat(
              f.post(JSON, "[{\"type\":\"a\",\"id\":\"e2\"},{\"type\":\"a\",\"id\":\"e1\"}]")
                  .body())
          .isEqualTo(
              "{\"events\":[{\"id\":\"e2\",\"seq\":2,\"position\":\""
                  + f.position(2)
                  + "\",\"duplicate\":false},{\"id\":\"e1\",\"seq\":1,\"position\":\""
                  + f.position(1)
                  + "\",\"duplicate\":true}]}");
    }
  }

  @Test
  void cloudEventsAreTakenInEveryMode() {
    try (WebFixture f = new WebFixture()) {
      String one =
          "{\"specversion\":\"1.0\",\"id\":\"c%d\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"ce\",\"time\":\"2026-01-02T03:04:05Z\",\"data\":{\"n\":1.50}}";
      f.post("application/cloudevents+json", one.replace("%d", "1"));
      f.post(
          "application/cloudevents-batch+json; charset=utf-8", "[" + one.replace("%d", "2") + "]");
      f.post(
          JSON,
          "{\"n\":1.50}",
          "ce-specversion",
          "1.0",
          "ce-id",
          "c3",
          "ce-source",
          "/s",
          "ce-type",
          "t",
          "ce-subject",
          "ce",
          "ce-time",
          "2026-01-02T03:04:05Z");
      String page = f.get("/api/v1/events?channel=ce").body();

      for (int n = 1; n <= 3; n++) {
        assertThat(page)
            .contains(
                "{\"type\":\"t\",\"data\":{\"n\":1.50},\"id\":\"c"
                    + n
                    + "\",\"seq\":"
                    + n
                    + ",\"channel\":\"ce\",\"source\":\"/s\",\"timestamp\":\"2026-01-02T03:04:05Z\"}");
      }
    }
  }

  @Test
  void theHistoryIsReadPageByPage() {
    try (WebFixture f = new WebFixture()) {
      for (int i = 0; i < 5; i++) {
        f.publish("default", i % 2 == 0 ? "even" : "odd");
      }
      String first = f.get("/api/v1/events?limit=2").body();
      assertThat(first)
          .startsWith("{\"epoch\":\"" + f.epoch() + "\",\"events\":[{\"type\":\"even\",")
          .endsWith("],\"next\":\"" + f.position(2) + "\",\"head\":\"" + f.position(5) + "\"}");
      assertThat(f.get("/api/v1/events?type=odd&after=" + f.position(2)).body())
          .contains("\"seq\":4")
          .doesNotContain("\"seq\":2")
          .doesNotContain("\"seq\":3")
          .endsWith("\"next\":\"" + f.position(5) + "\",\"head\":\"" + f.position(5) + "\"}");
    }
  }

  @Test
  void badInputIsAProblemWithItsCode() {
    try (WebFixture f = new WebFixture()) {
      problem(f.post(JSON, "{\"type\":"), 400, "malformed_json");
      problem(f.post(JSON, "{\"type\":\"a\"} x"), 400, "malformed_json");
      problem(f.post(JSON, "{}"), 400, "invalid_event");
      problem(f.post(JSON, "{\"type\":\"a\",\"id\":\"\\u0007\"}"), 400, "invalid_name");
      problem(f.post(JSON, "{\"type\":\"a\",\"channel\":\"a..b\"}"), 400, "invalid_name");
      problem(f.post(JSON, "{\"type\":\"a\",\"timestamp\":\"soon\"}"), 400, "invalid_event");
      problem(f.post(JSON, "[]"), 400, "invalid_request");
      problem(f.post("text/plain", "{\"type\":\"a\"}"), 415, "unsupported_media_type");
      byte[] notUtf8 = "{\"type\":\"a\",\"data\":\"?\"}".getBytes(StandardCharsets.UTF_8);
      notUtf8[20] = (byte) 0xFF;
      problem(f.postBytes(notUtf8), 400, "malformed_utf8");
      String many = "{\"type\":\"a\"},".repeat(100);
      problem(f.post(JSON, "[" + many + "{\"type\":\"a\"}]"), 413, "batch_too_large");
      problem(f.post(JSON, "x".repeat(9 << 20)), 413, "payload_too_large");
      problem(f.get("/api/v1/events?limit=-1"), 400, "invalid_limit");
      problem(f.get("/api/v1/events?limit=1001"), 400, "invalid_limit");
      problem(f.get("/api/v1/events?after=x"), 400, "invalid_position");
      problem(f.get("/api/v1/events?after=" + f.position(9)), 400, "position_in_future");
      problem(f.get("/api/v1/events?after=other.1"), 410, "epoch_unknown");
      problem(f.get("/api/v1/events?channel=a..b"), 400, "invalid_name");
      problem(f.get("/api/v1/stream?after=" + f.position(9)), 400, "position_in_future");
      problem(f.get("/nothing/here"), 404, "not_found");
      HttpResponse<String> wrong = f.send(f.request("/api/v1/events").DELETE());
      problem(wrong, 405, "method_not_allowed");
      assertThat(wrong.headers().firstValue("Allow")).contains("GET, POST");

      assertThat(f.log.range().head()).isZero();
    }
  }

  @Test
  void dataOfTheLimitIsTakenAndOneByteMoreIsNot() {
    try (WebFixture f = new WebFixture()) {
      String data = "\"" + "x".repeat((1 << 20) - 2) + "\"";

      assertThat(f.post(JSON, "{\"type\":\"a\",\"data\":" + data + "}").statusCode())
          .isEqualTo(200);
      HttpResponse<String> refused =
          f.post(JSON, "{\"type\":\"a\",\"data\":" + data.replaceFirst("x", "xx") + "}");
      problem(refused, 413, "payload_too_large");
      assertThat(refused.body()).contains("\"limit\":1048576");
    }
  }

  @Test
  void aPositionThatRetentionHasPassedIsGone() {
    try (WebFixture f = new WebFixture(Options.USUAL.withEventsKept(10))) {
      for (int i = 0; i < 50; i++) {
        f.publish("default", "a");
      }
      await().until(() -> f.log.range().earliest() > 3);
      HttpResponse<String> gone = f.get("/api/v1/events?after=" + f.position(3));
      problem(gone, 410, "position_expired");

      assertThat(gone.body()).contains("\"earliest\":\"" + f.epoch() + ".");
    }
  }

  @Test
  void aPageOfHistoryTellsWhatARuleForAChannelRemoved() {
    try (WebFixture f = new WebFixture()) {
      f.makeAHole();
      String path = "/api/v1/events?after=" + f.position(0);

      assertThat(f.get(path + "&channel=brief.a").body())
          .contains("\"seq\":5,", "\"seq\":6,")
          .endsWith(
              "\"gap\":{\"from\":\""
                  + f.position(0)
                  + "\",\"to\":\""
                  + f.position(3)
                  + "\",\"reason\":\"channel_retention\",\"through\":\""
                  + f.position(3)
                  + "\"}}");
      assertThat(f.get(path).body()).contains("\"seq\":2,").doesNotContain("\"gap\"");
      assertThat(f.get("/api/v1/events?channel=brief.a&after=" + f.position(3)).body())
          .contains("\"seq\":5,")
          .doesNotContain("\"gap\"");
    }
  }

  @Test
  void thePagesOfOtherOriginsAreRefusedOnEveryFace() {
    try (WebFixture f = new WebFixture()) {
      String[] foreign = {"Origin", "http://elsewhere.example"};
      String[] own = {"Origin", "http://127.0.0.1:" + f.face.port()};

      problem(f.post(JSON, "{\"type\":\"a\"}", foreign), 403, "origin_not_allowed");
      problem(f.get("/api/v1/stream", foreign), 403, "origin_not_allowed");
      assertThat(f.refusal(foreign)).isEqualTo(403);
      assertThat(f.post(JSON, "{\"type\":\"a\"}", own).statusCode()).isEqualTo(200);
      assertThat(f.connect("", own).next()).contains("reactor_connected");
    }
  }

  @Test
  void aListedOriginGetsItsCorsHeaders() {
    try (WebFixture f = new WebFixture(Options.USUAL.withOrigin("https://app.example"))) {
      HttpResponse<String> answer =
          f.post(JSON, "{\"type\":\"a\"}", "Origin", "https://app.example");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
          .contains("https://app.example");
      HttpResponse<String> preflight =
          f.send(
              f.request(
                      "/api/v1/events",
                      "Origin",
                      "https://app.example",
                      "Access-Control-Request-Method",
                      "POST")
                  .method("OPTIONS", BodyPublishers.noBody()));
      assertThat(preflight.statusCode()).isEqualTo(204);
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods"))
          .contains("GET, POST");
    }
  }

  @Test
  void theStatusRoutesAnswerAsExistingFrontendsExpect() {
    try (WebFixture f = new WebFixture()) {
      assertThat(f.get("/ws/status").body())
          .isEqualTo(
              "{\"status\":\"active\",\"connected_clients\":0,\"stats\":{\"connected_clients\":0,"
                  + "\"events_emitted_total\":0,\"last_event_timestamp\":null},\"reactor_events\":["
                  + "\"AI_METRICS_UPDATED\",\"NEWS_PROCESSED\",\"DIGEST_CREATED\",\"EVENT_DETECTED\","
                  + "\"USER_ACTION\",\"SYSTEM_HEALTH_CHECK\",\"REACTOR_HEARTBEAT\"]}");
      f.publish("default", "a");
      assertThat(f.get("/ws/stats").body())
          .startsWith(
              "{\"connected_clients\":0,\"ws_active_connections\":0,\"ws_events_emitted_total\":1,"
                  + "\"ws_last_event_ts\":1769860800.000,\"reactor_events_subscribed\":7");
      HttpResponse<String> health = f.get("/ws/health");
      assertThat(health.statusCode()).isEqualTo(200);
      assertThat(health.body())
          .startsWith("{\"reactor\":{\"status\":\"healthy\",\"listeners\":0,\"events_emitted\":1,")
          .endsWith("\"last_event_timestamp\":1769860800.000}},\"timestamp\":1769860800.000}");
      f.log.close();
      HttpResponse<String> broken = f.get("/ws/health");
      assertThat(broken.statusCode()).isEqualTo(503);
      assertThat(broken.body()).startsWith("{\"reactor\":{\"status\":\"error\",\"error\":\"");
    }
  }

  private static void problem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body())
        .contains("\"status\":" + status)
        .contains("\"code\":\"" + code + "\"");
  }
}
