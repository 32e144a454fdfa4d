package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk whose syncs begin to fail under the real process, by strace. What the kernel keeps after a
 * failed sync is unknown, so the log takes nothing more; a restart finds all that was acknowledged.
 */
@Tag("world")
final class FsyncFailureTest {
  private static final String TYPE = "parcel_sent";
  private static final int EVENTS_BEFORE = 20;
  private static final int EVENTS_MAX = 2_000;
  private static final int REFUSALS = 5;

  @TempDir Path root;
  private final List<String> acknowledged = new ArrayList<>();
  private int published;

  @Test
  void aFailedSyncClosesTheLogAndARestartFindsWhatWasAcknowledged() throws Exception {
    Path data = root.resolve("log");
    String unknown;
    try (HubProcess hub = HubProcess.start(data);
        Subscriber ws = Subscriber.overWebSocket(hub, "?type=" + TYPE)) {
      HubHttp http = new HubHttp(hub);
      for (int i = 0; i < EVENTS_BEFORE; i++) {
        assertThat(publish(http).status()).isEqualTo(200);
      }
      try (FailingSyncs _ = FailingSyncs.attach(hub.pid(), root)) {
        unknown = publishUntilRefused(http);
        assertEverythingIsRefused(http);
      }
      // The syncs work again; what failed stays unknown, so the log stays closed.
      assertEverythingIsRefused(http);
      assertThat(http.readiness()).isEqualTo(503);
      assertThat(http.get("/observe/health/live").status()).isEqualTo(200);
      assertThat(http.historyIds(TYPE)).isEqualTo(acknowledged);
      await().untilAsserted(() -> assertThat(ws.ids(TYPE)).isEqualTo(acknowledged));
      assertThat(ws.isEnded()).isFalse();
      assertThat(hub.printed())
          .anyMatch(line -> line.contains("log failed: events are refused"))
          .noneMatch(line -> line.startsWith("\tat "));
      hub.kill();
    }
    try (HubProcess hub = HubProcess.start(data)) {
      HubHttp http = new HubHttp(hub);
      List<String> found = new ArrayList<>(http.historyIds(TYPE));
      found.remove(unknown);
      assertThat(found).isEqualTo(acknowledged);
      assertThat(publish(http).status()).isEqualTo(200);
      assertThat(http.readiness()).isEqualTo(200);
    }
  }

  /** The id of the event whose sync failed. */
  private String publishUntilRefused(HubHttp http) throws Exception {
    for (int i = 0; i < EVENTS_MAX; i++) {
      HubHttp.Answer answer = publish(http);
      if (answer.status() != 200) {
        assertUnavailable(answer);
        return "p" + (published - 1);
      }
    }
    throw new AssertionError("no sync failed");
  }

  private void assertEverythingIsRefused(HubHttp http) throws Exception {
    for (int i = 0; i < REFUSALS; i++) {
      assertUnavailable(publish(http));
    }
  }

  private static void assertUnavailable(HubHttp.Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
    assertThat(answer.code()).isEqualTo("log_unavailable");
    assertThat(answer.body().get("detail").asText())
        .isEqualTo(
            "the hub's log failed: the event is not acknowledged, and may come to light all the"
                + " same when the hub has been restarted; send it again then, with the same id");
  }

  private HubHttp.Answer publish(HubHttp http) throws Exception {
    String id = "p" + published++;
    HubHttp.Answer answer =
        http.publish("{\"type\":\"" + TYPE + "\",\"id\":\"" + id + "\",\"data\":{}}");
    if (answer.status() == 200) {
      acknowledged.add(id);
    }
    return answer;
  }

  /** A strace that fails every sync of a process, until it is closed. */
  private record FailingSyncs(Process strace) implements AutoCloseable {
    static FailingSyncs attach(long pid, Path directory) throws IOException {
      Path told = directory.resolve("strace-told");
      Process strace =
          new ProcessBuilder(
                  "strace",
                  "-f",
                  "-o",
                  directory.resolve("strace").toString(),
                  "-e",
                  "trace=fdatasync,fsync",
                  "-e",
                  "inject=fdatasync,fsync:error=EIO",
                  "-p",
                  Long.toString(pid))
              .redirectErrorStream(true)
              .redirectOutput(told.toFile())
              .start();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> Files.readString(told, StandardCharsets.UTF_8).contains("attached"));
      return new FailingSyncs(strace);
    }

    /** Detaches: a traced process that strace is killed from would be left stopped. */
    @Override
    public void close() {
      strace.destroy();
      try {
        if (!strace.waitFor(30, TimeUnit.SECONDS)) {
          throw new AssertionError("strace did not end");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        strace.destroyForcibly();
      }
    }
  }
}
