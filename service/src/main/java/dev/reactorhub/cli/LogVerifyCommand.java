package dev.reactorhub.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reports whether a log is sound. Its options are written by picocli, before the call. */
@Command(
    name = "verify",
    description = "Look at everything that a log holds and report damage. Changes nothing.")
final class LogVerifyCommand implements Callable<Integer> {
  private final LogTools tools;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private LogDirectoryOption log = new LogDirectoryOption();

  LogVerifyCommand(LogTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    LogTools.Check check = tools.verify(log.directory());
    PrintWriter out = Terminal.out(spec);
    for (LogTools.Damage damage : check.damage()) {
      out.println(damage.meaning() + ": " + damage.count());
      damage.places().forEach(place -> out.println("  " + place));
      if (damage.count() > damage.places().size()) {
        out.println("  and more");
      }
    }
    boolean isSound = check.damage().isEmpty();
    out.println((isSound ? "sound" : "damaged") + ", events looked at: " + check.events());
    out.flush();
    return isSound ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
