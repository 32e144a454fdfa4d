package dev.reactorhub.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every command on a log has. Written by picocli, before the call. */
final class LogDirectoryOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean isHelpWanted;

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "Folder of the log.")
  private Path data = Path.of("");

  Path directory() {
    return data;
  }
}
