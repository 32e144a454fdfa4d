package dev.reactorhub.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The trace of a request that publishes is the trace of its events. */
final class TracedPublishingTest {
  private static final String JSON = "application/json";
  private static final String REQUEST = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String OWN = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-00";

  @Test
  void anEventWithoutATraceGetsThatOfItsRequest() {
    try (WebFixture f = new WebFixture()) {
      String two = "[{\"type\":\"a\"},{\"type\":\"a\",\"traceparent\":\"" + OWN + "\"}]";
      f.post(JSON, two, "traceparent", REQUEST);
      f.post(
          JSON,
          "{}",
          "traceparent",
          REQUEST,
          "ce-specversion",
          "1.0",
          "ce-id",
          "c1",
          "ce-source",
          "/s",
          "ce-type",
          "a");

      assertThat(f.get("/api/v1/events").body())
          .containsSubsequence(
              "\"traceparent\":\"" + REQUEST + "\"", "\"traceparent\":\"" + OWN + "\"");
      assertThat(f.get("/api/v1/events?channel=default").body().split(REQUEST, -1)).hasSize(3);
    }
  }

  @Test
  void aBrokenTraceOfARequestIsNone() {
    try (WebFixture f = new WebFixture()) {
      assertThat(f.post(JSON, "{\"type\":\"a\"}", "traceparent", "00-1-2-3").statusCode())
          .isEqualTo(200);

      assertThat(f.get("/api/v1/events").body()).doesNotContain("traceparent");
    }
  }
}
