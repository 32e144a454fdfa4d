package dev.reactorhub.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Durable consumers of a hub that runs: each command under it is a class of its own. */
@Command(
    name = "consumers",
    description = "Look at, move or delete the durable consumers of a hub.",
    synopsisSubcommandLabel = "COMMAND")
final class ConsumersCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean isHelpWanted;

  private ConsumersCommand() {}

  static CommandLine withCommands() {
    return new CommandLine(new ConsumersCommand())
        .addSubcommand(new ConsumersListCommand())
        .addSubcommand(new ConsumersShowCommand())
        .addSubcommand(new ConsumersResetCommand())
        .addSubcommand(new ConsumersDeleteCommand());
  }
}
