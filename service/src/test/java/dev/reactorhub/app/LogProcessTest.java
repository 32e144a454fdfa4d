package dev.reactorhub.app;

import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.rocks.RocksEventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hub log} as processes of their own. */
final class LogProcessTest {
  @TempDir Path root;
  private Path data = Path.of("");

  @BeforeEach
  void fill() {
    data = root.resolve("log");
    try (EventLog log = RocksEventLog.open(data, LogSettings.DEFAULTS, InstantSource.system())) {
      append(log, event("a"), event("b", "c", "t", "\"ü\""));
    }
  }

  @Test
  void aRunningHubIsToldOfAndNotDisturbed() throws Exception {
    try (HubProcess hub = HubProcess.start(data)) {
      for (String command : List.of("info", "verify", "export", "import")) {
        Ended ended = run(command, "--data", data.toString());
        assertThat(ended.code()).as(command).isEqualTo(3);
        assertThat(ended.printed())
            .isEqualTo(
                ("hub log %s: log directory %s is in use by a running hub: stop it, or choose"
                        + " another directory\n")
                    .formatted(command, data));
      }
      assertThat(hub.stop()).isZero();
    }
    Ended verified = run("verify", "--data", data.toString());
    assertThat(verified.code()).isZero();
    assertThat(verified.printed()).startsWith("sound, events looked at: ");
  }

  @Test
  void anExportIsPipedIntoAnImport() throws Exception {
    Path copy = root.resolve("copy");
    List<Process> pipe =
        ProcessBuilder.startPipeline(
            List.of(
                new ProcessBuilder(command("export", "--data", data.toString())),
                new ProcessBuilder(
                    command("import", "--data", copy.toString(), "--keep-positions", "-"))));
    assertThat(await(pipe.getLast())).isEqualTo(new Ended(0, "imported: 2, duplicates: 0\n"));

    String exported = run("export", "--data", data.toString()).printed();
    assertThat(exported).contains("\"data\":\"ü\"");
    assertThat(run("export", "--data", copy.toString()).printed()).isEqualTo(exported);
  }

  @Test
  void anExportThatNobodyCanTakeHasFailed() throws Exception {
    Process export =
        new ProcessBuilder(command("export", "--data", data.toString()))
            .redirectOutput(Path.of("/dev/full").toFile())
            .start();
    assertThat(export.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(export.exitValue()).isEqualTo(1);
    assertThat(new String(export.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("the output was closed or is full: the export is not complete\n");
  }

  static Ended run(String... arguments) throws IOException, InterruptedException {
    return await(
        new ProcessBuilder(command(arguments))
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .start());
  }

  static Ended await(Process process) throws IOException, InterruptedException {
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("did not end: " + printed);
    }
    return new Ended(process.exitValue(), printed);
  }

  static List<String> command(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("src/main/jvm/jvm.options").toRealPath());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "dev.reactorhub.app.Main", "log"));
    command.addAll(List.of(arguments));
    return command;
  }

  /** How a process ended and what it printed. */
  record Ended(int code, String printed) {}
}
