package dev.reactorhub.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Appends events to a log. Its options are written by picocli, before the call. */
@Command(
    name = "import",
    description = "Append events, one JSON object a line, to a log, which is made when missing.",
    sortOptions = false)
final class LogImportCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  private final LogTools tools;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private LogDirectoryOption log = new LogDirectoryOption();

  @Option(
      names = "--keep-positions",
      description = "Into a new log only: with the positions and times of the export.")
  private boolean keepPositions;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = STANDARD_INPUT,
      description = "The events; - for standard input. Default: -.")
  private String file = "";

  LogImportCommand(LogTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return take(System.in);
    }
    try (InputStream lines = Files.newInputStream(Path.of(file))) {
      return take(lines);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + file, e);
    }
  }

  private int take(InputStream lines) {
    LogTools.Imported imported = tools.importLines(log.directory(), lines, keepPositions);
    imported
        .stoppedBy()
        .ifPresent(
            why -> {
              PrintWriter err = Terminal.err(spec);
              err.println(why + "; nothing from there on was imported");
              err.flush();
            });
    PrintWriter out = Terminal.out(spec);
    out.println("imported: " + imported.stored() + ", duplicates: " + imported.duplicates());
    out.flush();
    return imported.stoppedBy().isPresent() ? ExitCode.SOFTWARE : ExitCode.OK;
  }
}
