package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.stream.SseClient;
import dev.reactorhub.stream.WebSocketClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hub answers to Prometheus, and what docs/metrics.md says that it does. */
final class MetricsTest {
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");
  private static final Pattern HELP = Pattern.compile("(?m)^# HELP (\\w+) (?=\\S)");
  private static final Pattern DOCUMENTED =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\| [^|]*\\| (.*) \\|$");

  @TempDir private static Path data;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static HubProcess hub;

  @BeforeAll
  static void startAndUse() throws Exception {
    hub =
        HubProcess.start(
            HubLaunch.QUICK,
            data,
            "--set",
            "sources.host-metrics.interval=0",
            "--set",
            "limits.batch.events=3");
    HubHttp http = new HubHttp(hub);
    try (WebSocketClient browser =
            WebSocketClient.open(HTTP, hub.endpoint().webSocket("?type=noted"));
        SseClient page = SseClient.open(HTTP, hub.endpoint().http("/api/v1/stream?type=noted"));
        ReactorClient backend = ReactorClient.builder("127.0.0.1:" + hub.grpcPort()).build()) {
      await().until(() -> browser.count("reactor_connected") == 1);
      publish(http, "[{\"type\":\"noted\",\"id\":\"n1\"},{\"type\":\"noted\",\"id\":\"n2\"}]");
      publish(http, "{\"type\":\"noted\",\"id\":\"n1\"}");
      browser.send("{\"type\":\"publish\",\"data\":{\"type\":\"noted\"}}");
      browser.send("{\"type\":\"publish\",\"data\":{}}");
      backend.emit("noted", "{}");
      http.publish("[{\"type\":\"a\"},{\"type\":\"a\"},{\"type\":\"a\"},{\"type\":\"a\"}]");
      http.publish("{\"type\":");
      await().until(() -> browser.count("noted") == 4);
      await().until(() -> page.count("noted") == 4);
      await().until(() -> value("reactorhub_retention_last_run_timestamp_seconds") > 0);
    }
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @Test
  void namesUnitsAndTypesKeepTheConventionsOfPrometheus() throws Exception {
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    promtool.getOutputStream().write(scrape("").getBytes(StandardCharsets.UTF_8));
    promtool.getOutputStream().close();

    assertThat(new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEmpty();
    assertThat(promtool.waitFor()).isZero();
  }

  @Test
  void everyMetricIsDocumentedWithItsTypeAndEveryDocumentedOneIsThere() throws Exception {
    Map<String, String> documented = new TreeMap<>();
    Map<String, String> always = new TreeMap<>();
    Matcher row = DOCUMENTED.matcher(Files.readString(Path.of("../docs/metrics.md")));
    while (row.find()) {
      documented.put(row.group(1), row.group(2));
      if (!row.group(3).endsWith("; later")) {
        always.put(row.group(1), row.group(2));
      }
    }

    Map<String, String> scraped = types(scrape(""));

    assertThat(documented).containsAllEntriesOf(scraped);
    assertThat(scraped).containsAllEntriesOf(always).isNotEmpty();
  }

  @Test
  void everyMetricHasAValueFromTheStart() throws Exception {
    String text = scrape("");

    types(text)
        .forEach(
            (name, type) ->
                assertThat(text).containsPattern("(?m)^" + name + "(_count)?(\\{.*\\})? [-\\dN]"));
  }

  @Test
  void everyMetricSaysWhatItMeans() throws Exception {
    String text = scrape("");

    assertThat(HELP.matcher(text).results().map(found -> found.group(1)).toList())
        .containsExactlyInAnyOrderElementsOf(types(text).keySet());
  }

  @Test
  void whatIsPublishedRefusedAndDeliveredIsCounted() throws Exception {
    assertThat(value("reactorhub_events_published_total{face=\"http\",}")).isEqualTo(2);
    assertThat(value("reactorhub_events_published_total{face=\"websocket\",}")).isEqualTo(1);
    assertThat(value("reactorhub_events_published_total{face=\"grpc\",}")).isEqualTo(1);
    assertThat(value("reactorhub_publish_duration_seconds_count{face=\"http\",}")).isEqualTo(2);
    assertThat(value("reactorhub_publish_duration_seconds_sum{face=\"http\",}"))
        .isBetween(0.00001, 60.0);
    assertThat(value("reactorhub_publish_duplicates_total")).isEqualTo(1);
    assertThat(value("reactorhub_publish_refusals_total{code=\"batch_too_large\",}")).isEqualTo(1);
    assertThat(value("reactorhub_publish_refusals_total{code=\"malformed_json\",}")).isEqualTo(1);
    assertThat(value("reactorhub_publish_refusals_total{code=\"invalid_event\",}")).isEqualTo(1);
    assertThat(value("reactorhub_events_delivered_total{face=\"websocket\",}")).isEqualTo(4);
    assertThat(value("reactorhub_events_delivered_total{face=\"sse\",}")).isEqualTo(4);
    assertThat(value("reactorhub_delivered_bytes_total{face=\"sse\",}")).isGreaterThan(400);
    assertThat(value("reactorhub_delivery_lag_seconds_count{face=\"websocket\",}"))
        .isBetween(1.0, 4.0);
    assertThat(value("reactorhub_delivery_lag_seconds_sum{face=\"websocket\",}"))
        .isBetween(0.000001, 60.0);
    assertThat(value("reactorhub_sessions_opened_total{face=\"sse\",}")).isEqualTo(1);
    assertThat(value("reactorhub_heartbeat_timestamp_seconds")).isGreaterThan(1.7e9);
    assertThat(value("reactorhub_draining")).isZero();
  }

  @Test
  void openMetricsIsForWhoeverAcceptsIt() throws Exception {
    assertThat(scrape("application/openmetrics-text; version=1.0.0"))
        .contains("# TYPE reactorhub_events_emitted counter")
        .endsWith("# EOF\n");
    assertThat(scrape("text/plain")).contains("# TYPE reactorhub_events_emitted_total counter");
  }

  private static void publish(HubHttp http, String json) throws Exception {
    assertThat(http.publish(json).status()).isEqualTo(200);
  }

  private static double value(String series) throws IOException, InterruptedException {
    return scrape("")
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + series));
  }

  private static Map<String, String> types(String text) {
    Map<String, String> types = new TreeMap<>();
    TYPE.matcher(text).results().forEach(found -> types.put(found.group(1), found.group(2)));
    return types;
  }

  private static String scrape(String accept) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(hub.endpoint().http("/observe/metrics"));
    if (!accept.isEmpty()) {
      request.header("Accept", accept);
    }
    HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }
}
