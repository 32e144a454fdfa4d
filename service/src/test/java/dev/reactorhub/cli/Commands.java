package dev.reactorhub.cli;

import dev.reactorhub.app.OfflineLog;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine;

/** The commands with the real tools, for tests. */
final class Commands {
  private Commands() {}

  static CommandLine with(Runner runner, Map<String, String> environment) {
    return Cli.commands(runner, new OfflineLog(InstantSource.system()), environment);
  }
}
