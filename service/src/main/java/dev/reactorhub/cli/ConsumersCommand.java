package dev.reactorhub.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Durable consumers of a hub that runs: each command under it is a class of its own; without one
 * they are listed.
 */
@Command(
    name = "consumers",
    description = "List, look at, move or delete the durable consumers of a hub. Default: list.",
    synopsisSubcommandLabel = "[COMMAND]")
final class ConsumersCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConsumerServer server = new ConsumerServer();

  private ConsumersCommand() {}

  @Override
  public Integer call() {
    ConsumersListCommand.print(server, Terminal.out(spec));
    return ExitCode.OK;
  }

  static CommandLine withCommands() {
    return new CommandLine(new ConsumersCommand())
        .addSubcommand(new ConsumersListCommand())
        .addSubcommand(new ConsumersShowCommand())
        .addSubcommand(new ConsumersResetCommand())
        .addSubcommand(new ConsumersDeleteCommand());
  }
}
