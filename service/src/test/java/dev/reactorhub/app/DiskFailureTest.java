package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.history.Outcome;
import dev.reactorhub.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk fills up, or fails to sync, under publishers and subscribers on every face. */
@Tag("world")
final class DiskFailureTest {
  private static final String READY = "/observe/health/ready";
  private static final int DISK_MIB = 96;
  private static final long SEED = 7;
  private static final Duration SOON = Duration.ofMinutes(1);

  @TempDir Path directory;

  @Test
  void aFullDiskRefusesPublishersServesReadersAndHealsByItself() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Shell.run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MIB + "m", "tmpfs", disk.toString());
    try {
      Path data = disk.resolve("data");
      try (HubProcess hub = start(data);
          Workload workload = new Workload(SEED, hub.endpoint())) {
        workload.awaitAcknowledged(300);
        Path filler = disk.resolve("filler");
        fill(filler);
        workload.awaitEach(2, outcome -> outcome.equals(new Outcome.Refused("disk_full")));
        assertNotReadyButLive(workload);
        assertThat(workload.replays()).allMatch(events -> events > 300);

        Files.delete(filler);
        workload.awaitEach(5, Outcome.Acknowledged.class::isInstance);
        await().atMost(SOON).until(() -> workload.status(READY) == 200);
        assertThat(workload.breaks()).as("live connections that ended").isZero();

        hub.kill();
        assertNothingWasLost(data, workload);
      }
    } finally {
      Shell.run("umount", disk.toString());
    }
  }

  @Test
  void aFailedSyncClosesTheLogAndNothingIsAcknowledgedAnyMore() throws Exception {
    Path data = directory.resolve("data");
    try (HubProcess hub = start(data);
        Workload workload = new Workload(SEED, hub.endpoint())) {
      workload.awaitAcknowledged(300);
      try (SyscallFaults _ = SyscallFaults.inject(hub, directory, "error=EIO")) {
        workload.awaitEach(1, outcome -> outcome.equals(new Outcome.Unknown("log_unavailable")));
        long acknowledged = workload.acknowledged();
        assertNotReadyButLive(workload);
        workload.awaitEach(5, outcome -> outcome.equals(new Outcome.Unknown("log_unavailable")));
        assertThat(workload.acknowledged()).isEqualTo(acknowledged);
        assertThat(workload.replays()).allMatch(events -> events > 300);
        assertThat(workload.breaks()).as("live connections that ended").isZero();
      }
      // A sync that failed once is not tried again, though it would succeed now.
      assertThat(workload.status(READY)).isEqualTo(503);
      assertThat(hub.printed())
          .anyMatch(line -> line.contains("log failed: events are refused"))
          .noneMatch(line -> line.startsWith("\tat "));

      hub.kill();
      assertNothingWasLost(data, workload);
    }
  }

  private static HubProcess start(Path data) throws IOException {
    return HubProcess.start(HubLaunch.QUICK, data, Workload.OPTIONS.toArray(String[]::new));
  }

  /** Starts a hub where the one before was killed, and has the workload finish there. */
  private static void assertNothingWasLost(Path data, Workload workload) throws Exception {
    try (HubProcess hub = start(data)) {
      workload.moveTo(hub.endpoint());
      Workload.Result result = workload.finish();
      assertThat(result.violations()).isEmpty();
      assertThat(result.gaps()).isZero();
      assertThat(result.lost()).isZero();
    }
  }

  private static void assertNotReadyButLive(Workload workload) {
    assertThat(workload.status(READY)).isEqualTo(503);
    assertThat(workload.status("/ws/health")).isEqualTo(503);
    assertThat(workload.status("/observe/health/live")).isEqualTo(200);
    assertThat(workload.status("/observe/health/started")).isEqualTo(200);
  }

  /** Leaves no byte. */
  private static void fill(Path filler) throws InterruptedException {
    try {
      Shell.run("dd", "if=/dev/zero", "of=" + filler, "bs=64k");
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
