package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reactorhub.stream.WebSocketClient;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of docs/operations.md for keeping a copy of a log and going back to it. */
final class BackupTest {
  private static final String TYPE = "kept";

  @TempDir Path root;

  @Test
  void aCopyOfAStoppedHubIsTheSameLogElsewhere() throws Exception {
    Path data = root.resolve("old");
    Path copy = root.resolve("new");
    String seen;
    try (HubProcess hub = start(data)) {
      seen = publish(hub, "a");
      publish(hub, "b");
      assertThat(hub.stop()).isZero();
    }
    Shell.run("cp", "-a", data.toString(), copy.toString());

    assertSound(copy);
    try (HubProcess hub = start(copy)) {
      JsonNode page = new HubHttp(hub).get("/api/v1/events?type=kept&after=" + seen).body();
      assertThat(page.get("events").findValuesAsText("id")).containsExactly("b");
    }
  }

  @Test
  void aSnapshotOfARunningHubHasWhatWasAcknowledgedAndIsRestoredAsALogOfItsOwn() throws Exception {
    Path data = root.resolve("live");
    Path snapshot = root.resolve("snapshot");
    Path restored = root.resolve("restored");
    String afterTheSnapshot;
    try (HubProcess hub = start(data)) {
      publish(hub, "a");
      publish(hub, "b");
      String pid = Long.toString(hub.pid());
      // Stopped in its tracks: every file is copied as it is at one instant.
      Shell.run("kill", "-STOP", pid);
      Shell.run("cp", "-a", data.toString(), snapshot.toString());
      Shell.run("kill", "-CONT", pid);
      afterTheSnapshot = publish(hub, "c");
    }
    assertSound(snapshot);

    List<Process> pipe =
        ProcessBuilder.startPipeline(
            List.of(
                new ProcessBuilder(command("export", snapshot)),
                new ProcessBuilder(command("import", restored))));
    assertThat(LogProcessTest.await(pipe.getLast()).printed())
        .isEqualTo("imported: 2, duplicates: 0\n");

    try (HubProcess hub = start(restored);
        HttpClient http = HttpClient.newHttpClient();
        WebSocketClient client =
            WebSocketClient.open(
                http, hub.endpoint().webSocket("?type=kept&after=" + afterTheSnapshot))) {
      HubHttp again = new HubHttp(hub);
      assertThat(again.history(TYPE))
          .extracting(e -> e.get("id").asText())
          .containsExactly("a", "b");
      assertThat(client.next()).contains("reactor_connected");
      assertThat(client.next()).contains("reactor_gap").contains("epoch_unknown");
      assertThat(
              again.publish("{\"type\":\"kept\",\"id\":\"b\"}").body().get("duplicate").asBoolean())
          .isTrue();
    }
  }

  private static HubProcess start(Path data) throws Exception {
    return HubProcess.start(
        HubLaunch.QUICK,
        data,
        "--set",
        "sources.host-metrics.interval=0",
        "--set",
        "sources.heartbeat.interval=0",
        "--set",
        "drain.window=0");
  }

  /** Returns the position. */
  private static String publish(HubProcess hub, String id) throws Exception {
    HubHttp.Answer answer =
        new HubHttp(hub).publish("{\"type\":\"" + TYPE + "\",\"id\":\"" + id + "\"}");
    assertThat(answer.status()).isEqualTo(200);
    return answer.body().get("position").asText();
  }

  private static void assertSound(Path data) throws Exception {
    LogProcessTest.Ended verified = LogProcessTest.run("verify", "--data", data.toString());
    assertThat(verified.code()).as(verified.printed()).isZero();
  }

  private static List<String> command(String command, Path data) throws Exception {
    return LogProcessTest.command(command, "--data", data.toString());
  }
}
