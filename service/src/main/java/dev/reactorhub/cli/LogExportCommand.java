package dev.reactorhub.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Prints the events of a log. Standard output holds events and nothing else. Its options are
 * written by picocli, before the call.
 */
@Command(
    name = "export",
    description = "Print the events of a log, one JSON object a line. Changes nothing.",
    sortOptions = false)
final class LogExportCommand implements Callable<Integer> {
  /** How often to ask whether anybody still reads: asking flushes. */
  private static final int LINES_BETWEEN_CHECKS = 256;

  private final LogTools tools;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private LogDirectoryOption log = new LogDirectoryOption();

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      description = "Begin after this position, such as k3x9.1042. Default: the beginning.")
  private @Nullable String after;

  @Option(
      names = "--channel",
      paramLabel = "PATTERN",
      description =
          "A channel, or a pattern: * one token, > the rest. May be repeated. Default: every"
              + " channel.")
  private List<String> channels = new ArrayList<>();

  @Option(
      names = "--type",
      paramLabel = "NAME",
      description = "An event type. May be repeated. Default: every type.")
  private List<String> types = new ArrayList<>();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "End after so many events. Default: the end of the log.")
  private long limit = Long.MAX_VALUE;

  private long lines;

  LogExportCommand(LogTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new IllegalArgumentException("--limit is " + limit + ": must be 1 or more");
    }
    PrintWriter out = Terminal.out(spec);
    List<String> missing =
        tools.export(
            log.directory(),
            new LogTools.Selection(Optional.ofNullable(after), channels, types, limit),
            line -> print(line, out));
    PrintWriter err = Terminal.err(spec);
    missing.forEach(err::println);
    boolean isBroken = out.checkError();
    if (isBroken) {
      err.println("the output was closed or is full: the export is not complete");
    }
    err.flush();
    return isBroken ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private boolean print(byte[] line, PrintWriter out) {
    out.write(new String(line, StandardCharsets.UTF_8));
    out.write('\n');
    lines++;
    return lines % LINES_BETWEEN_CHECKS != 0 || !out.checkError();
  }
}
