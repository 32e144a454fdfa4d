package dev.reactorhub.cli;

import dev.reactorhub.client.ReactorException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/**
 * The commands of {@code hub}. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 a
 * log cannot be opened; a command ended by Ctrl-C has 130.
 */
@Command(
    name = "hub",
    description = "One durable event log, delivered live over WebSocket, SSE and gRPC.",
    synopsisSubcommandLabel = "COMMAND")
public final class Cli {
  /** The directory of a log cannot be opened. */
  private static final int EXIT_NO_LOG = 3;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean isHelpWanted;

  private Cli() {}

  /** Runs the command that the arguments name, against this process's environment and terminal. */
  public static int execute(String[] args, Runner runner, LogTools logTools) {
    CommandLine commands = commands(runner, logTools, System.getenv());
    // Written as UTF-8 whatever the locale; flushed by whoever prints.
    commands.setOut(new PrintWriter(System.out, false, StandardCharsets.UTF_8));
    commands.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    return commands.execute(args);
  }

  /** The commands, for {@link #execute} and for tests. */
  static CommandLine commands(Runner runner, LogTools logTools, Map<String, String> environment) {
    return new CommandLine(new Cli())
        .addSubcommand(new RunCommand(runner, environment))
        .addSubcommand(new PublishCommand())
        .addSubcommand(new TailCommand())
        .addSubcommand(ConsumersCommand.withCommands())
        .addSubcommand(LogCommand.withTools(logTools))
        .setExecutionExceptionHandler(Cli::explain);
  }

  private static int explain(Exception failure, CommandLine command, ParseResult arguments) {
    String name = command.getCommandSpec().qualifiedName();
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    command.getErr().println(name + ": " + message);
    command.getErr().flush();
    return switch (failure) {
      case ReactorException.Interrupted interrupted -> 130;
      case LogUnusableException noLog -> EXIT_NO_LOG;
      case IllegalArgumentException wrongUsage -> ExitCode.USAGE;
      default -> ExitCode.SOFTWARE;
    };
  }
}
