package dev.reactorhub.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what a log holds. Its options are written by picocli, before the call. */
@Command(name = "info", description = "Print what a log holds. Changes nothing.")
final class LogInfoCommand implements Callable<Integer> {
  private final LogTools tools;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private LogDirectoryOption log = new LogDirectoryOption();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean isJsonWanted;

  LogInfoCommand(LogTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    LogTools.Summary info = tools.info(log.directory());
    PrintWriter out = Terminal.out(spec);
    if (isJsonWanted) {
      out.println(JsonLine.of(info));
    } else {
      print(info, out);
    }
    out.flush();
    return ExitCode.OK;
  }

  private static void print(LogTools.Summary info, PrintWriter out) {
    out.println("format   " + info.format());
    out.println("epoch    " + info.epoch());
    out.println("events   " + info.events());
    out.println("bytes    " + info.bytesOnDisk());
    info.ends()
        .ifPresent(
            ends -> {
              print("first", ends.first(), out);
              print("last", ends.last(), out);
            });
    for (LogTools.ChannelInfo channel : info.channels()) {
      out.println(
          "channel  "
              + channel.channel()
              + " events: "
              + channel.events()
              + ", last: "
              + channel.last());
    }
  }

  private static void print(String name, LogTools.Place place, PrintWriter out) {
    out.println(
        name + " ".repeat(9 - name.length()) + place.position() + " stored at " + place.storedAt());
  }
}
