package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reactorhub.stream.WebSocketClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every line of a hub that was told to write JSON is JSON. */
final class JsonLoggingTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path data;

  @Test
  void everyLineFromTheStartToTheEndIsAnObjectWithItsFields() throws Exception {
    Process hub = start("--set", "drain.window=0");
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader out = hub.inputReader();
        HttpClient http = HttpClient.newHttpClient()) {
      JsonNode ready = read(out, lines);
      while (!ready.get("message").asText().equals("ready")) {
        ready = read(out, lines);
      }
      assertThat(ready.get("level").asText()).isEqualTo("info");
      assertThat(ready.get("logger").asText()).isEqualTo("dev.reactorhub.app.Main");
      assertThat(ready.get("log").asText()).startsWith(data + ", fsync, events kept: 0, position ");
      // What it says at debug: a client that goes without a word.
      URI stream = URI.create("ws://127.0.0.1:" + ready.get("port").asText() + "/ws/stream");
      WebSocketClient.open(http, stream).close();
      hub.toHandle().destroy(); // Its output stays open.
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(MAPPER.readTree(line));
      }
      assertThat(hub.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      hub.destroyForcibly();
    }

    assertThat(hub.exitValue()).isZero();
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(line.get("time").asText()).matches("[-\\d]{10}T[:.\\d]+Z");
              assertThat(line.get("level").asText()).isIn("error", "warning", "info", "debug");
              assertThat(line.get("logger").asText()).isNotEmpty();
              assertThat(line.get("message").asText()).isNotEmpty();
            });
  }

  @Test
  void aHubThatCannotStartSaysSoInJsonAndEndsAsWithoutIt() throws Exception {
    Files.writeString(data.resolve("letter.txt"), "none of the hub's");
    Process hub = start();
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader out = hub.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(MAPPER.readTree(line));
      }
      assertThat(hub.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      hub.destroyForcibly();
    }

    assertThat(hub.exitValue()).isEqualTo(1);
    assertThat(lines.getLast().get("message").asText()).isEqualTo("not_started");
    assertThat(lines.getLast().get("level").asText()).isEqualTo("error");
    assertThat(lines.getLast().get("reason").asText())
        .endsWith("holds files that are no log: choose an empty directory");
    assertThat(lines.getLast().get("exception").asText()).contains("LogDirectoryException");
  }

  private Process start(String... more) throws IOException {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "--host",
                "127.0.0.1",
                "--set",
                "logging.format=json",
                "--set",
                "logging.level=debug"));
    settings.addAll(List.of(more));
    return HubProcess.launched(HubLaunch.QUICK, data, settings.toArray(String[]::new));
  }

  private static JsonNode read(BufferedReader out, List<JsonNode> lines) throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new AssertionError("the hub ended: " + lines);
    }
    lines.add(MAPPER.readTree(line));
    return lines.getLast();
  }
}
