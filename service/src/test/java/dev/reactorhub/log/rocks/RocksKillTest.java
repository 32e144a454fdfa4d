package dev.reactorhub.log.rocks;

import static dev.reactorhub.log.Events.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.LogSettings.Durability;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of the process and of the disk, from outside. Needs Linux and strace. */
@Tag("linux")
final class RocksKillTest {
  private static final String WHOLE_LINE = "stored \\S+ \\d+";

  @TempDir Path root;

  /** What processes were told: id to seq. */
  private final Map<String, Long> acknowledged = new HashMap<>();

  @Test
  void whatWasAcknowledgedOutlivesKill9() throws IOException, InterruptedException {
    for (Durability durability : List.of(Durability.FSYNC, Durability.OS)) {
      acknowledged.clear();
      Path directory = root.resolve("log-" + durability);
      Set<Epoch> epochs = new HashSet<>();
      for (int round = 0; round < 4; round++) {
        Process process =
            AppendingProcess.start(
                List.of(), directory, durability, durability + "-" + round + "-");
        killAfter(process, 100 + 700 * round);
        epochs.add(requireAcknowledgedIn(directory));
      }
      assertThat(epochs).hasSize(1);
    }
  }

  @Test
  void afterAFailedSyncNothingIsTakenAndNothingAcknowledgedIsLost()
      throws IOException, InterruptedException {
    Path directory = root.resolve("log");
    List<String> tracer =
        List.of(
            "strace",
            "-f",
            "-qq",
            "-o",
            root.resolve("trace").toString(),
            "-e",
            "trace=fdatasync",
            "-e",
            "inject=fdatasync:error=EIO:when=200");
    Process process = AppendingProcess.start(tracer, directory, Durability.FSYNC, "e");
    List<String> lines;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      lines = out.lines().toList();
    }
    assertThat(process.waitFor()).isZero();
    assertThat(lines)
        .filteredOn(line -> line.startsWith("refused"))
        .containsExactly("refused LOG_FAILED", "refused LOG_FAILED", "refused LOG_FAILED");
    assertThat(lines.getLast()).startsWith("Unhealthy[reason=LOG_FAILED");
    lines.forEach(this::note);
    assertThat(acknowledged).hasSizeGreaterThan(50);
    requireAcknowledgedIn(directory);
  }

  private void killAfter(Process process, int answers) throws IOException, InterruptedException {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i < answers; i++) {
        note(String.valueOf(out.readLine()));
      }
      process.toHandle().destroyForcibly();
      // The handle leaves the stream open: what it had printed before it died was acknowledged.
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        note(line);
      }
    }
    process.waitFor();
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(answers - 1);
  }

  private void note(String line) {
    if (line.matches(WHOLE_LINE)) {
      String[] words = line.split(" ", -1);
      acknowledged.put(words[1], Long.parseLong(words[2]));
    }
  }

  private Epoch requireAcknowledgedIn(Path directory) {
    try (EventLog log =
        RocksEventLog.open(directory, LogSettings.DEFAULTS, InstantSource.system())) {
      List<LogRecord> records = readAll(log, 0, EventFilter.ALL);
      assertThat(records)
          .extracting(LogRecord::seq)
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, log.range().head()).boxed().toList());
      Map<String, Long> stored = new HashMap<>();
      records.forEach(record -> stored.put(record.event().id(), record.seq()));
      assertThat(stored).containsAllEntriesOf(acknowledged);
      return log.range().epoch();
    }
  }
}
