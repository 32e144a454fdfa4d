package dev.reactorhub.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The work on a log that no hub runs on: each command under it is a class of its own. */
@Command(
    name = "log",
    description = "Look at, verify, export or import the log of a hub that does not run.",
    synopsisSubcommandLabel = "COMMAND")
final class LogCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean isHelpWanted;

  private LogCommand() {}

  static CommandLine withTools(LogTools tools) {
    return new CommandLine(new LogCommand())
        .addSubcommand(new LogInfoCommand(tools))
        .addSubcommand(new LogVerifyCommand(tools))
        .addSubcommand(new LogExportCommand(tools))
        .addSubcommand(new LogImportCommand(tools));
  }
}
