package dev.reactorhub.log.rocks;

import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.event;
import static dev.reactorhub.log.Events.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.AppendResult.Reason;
import dev.reactorhub.log.AppendResult.Refused;
import dev.reactorhub.log.Appended;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogHealth;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.StoredFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up and is freed again. Needs Linux and root, to mount a small file system. */
@Tag("linux")
final class RocksDiskFullTest {
  @TempDir Path root;
  private Path disk;
  private final Random random = new Random(7);

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    disk = Files.createDirectory(root.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString());
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    run("umount", disk.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  @Test
  void aFullDiskRefusesEventsServesReadersAndHealsWithoutARestart() throws IOException {
    Path directory = disk.resolve("log");
    List<String> stored = new ArrayList<>();
    try (EventLog log = open(directory)) {
      Path filler = Files.write(disk.resolve("filler"), new byte[40 << 20]);
      Refused refused = appendUntilRefused(log, stored);
      assertThat(refused).isEqualTo(new Refused(Reason.DISK_FULL));
      assertThat(log.append(List.of(event("refused-2"))).join()).isEqualTo(refused);
      assertThat(log.health())
          .isInstanceOfSatisfying(
              LogHealth.Unhealthy.class,
              unhealthy -> assertThat(unhealthy.reason()).isEqualTo(Reason.DISK_FULL));
      assertHolds(log, stored);

      Files.delete(filler);
      await().atMost(Duration.ofMinutes(1)).until(() -> log.health() instanceof LogHealth.Healthy);
      assertThat(append(log, event("refused-2")))
          .containsExactly(new Appended("refused-2", stored.size() + 1L, false));
      stored.add("refused-2");
      assertHolds(log, stored);
    }
    try (EventLog log = open(directory)) {
      assertHolds(log, stored);
    }
  }

  @Test
  void whatWasRefusedDoesNotComeBackAfterARestartOnTheFullDisk() throws IOException {
    Path directory = disk.resolve("log");
    List<String> stored = new ArrayList<>();
    try (EventLog log = open(directory)) {
      Files.write(disk.resolve("filler"), new byte[40 << 20]);
      appendUntilRefused(log, stored);
      Path image = StoredFiles.copy(directory, root.resolve("image"));
      try (EventLog after = open(image)) {
        assertHolds(after, stored);
      }
    }
  }

  private static EventLog open(Path directory) {
    return RocksEventLog.open(directory, LogSettings.DEFAULTS, InstantSource.system());
  }

  private Refused appendUntilRefused(EventLog log, List<String> stored) {
    byte[] bytes = new byte[20_000];
    for (int i = 0; ; i++) {
      random.nextBytes(bytes);
      String data = '"' + HexFormat.of().formatHex(bytes) + '"';
      Event next = event("e" + i, "c", "t", data);
      switch (log.append(List.of(next)).join()) {
        case AppendResult.Stored ok -> stored.add(ok.events().getFirst().id());
        case Refused refused -> {
          return refused;
        }
      }
    }
  }

  private static void assertHolds(EventLog log, List<String> ids) {
    assertThat(log.range().head()).isEqualTo(ids.size());
    assertThat(readAll(log, 0, EventFilter.ALL))
        .extracting(record -> record.event().id())
        .isEqualTo(ids);
  }
}
