package dev.reactorhub.log.rocks;

import static dev.reactorhub.log.Events.event;

import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.LogSettings.Durability;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A process of its own that appends until it is killed or refused, and prints one line per answer:
 * {@code stored <id> <seq>} or {@code refused <reason>}.
 */
final class AppendingProcess {
  private static final int REFUSALS_SHOWN = 3;

  private AppendingProcess() {}

  /** Arguments: directory, durability, prefix of the ids. */
  public static void main(String[] args) {
    LogSettings settings =
        new LogSettings(
            Durability.valueOf(args[1]),
            Duration.ZERO,
            0,
            0,
            Duration.ofHours(1),
            1_000_000,
            1L << 20);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (RocksEventLog log =
        RocksEventLog.open(Path.of(args[0]), settings, InstantSource.system())) {
      out.println("open " + log.range().epoch());
      int refusals = 0;
      for (int i = 0; refusals < REFUSALS_SHOWN; i++) {
        switch (log.append(List.of(event(args[2] + i))).join()) {
          case AppendResult.Stored stored ->
              out.println("stored " + args[2] + i + " " + stored.events().getFirst().seq());
          case AppendResult.Refused(AppendResult.Reason reason) -> {
            refusals++;
            out.println("refused " + reason);
          }
        }
      }
      out.println(log.health());
    }
  }

  /** Starts the process, behind a command such as a tracer if one is given. */
  static Process start(List<String> before, Path directory, Durability durability, String ids) {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            AppendingProcess.class.getName(),
            directory.toString(),
            durability.name(),
            ids));
    try {
      return new ProcessBuilder(command)
          .redirectError(directory.resolveSibling("stderr-" + ids).toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
