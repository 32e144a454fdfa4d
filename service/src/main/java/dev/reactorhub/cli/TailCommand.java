package dev.reactorhub.cli;

import dev.reactorhub.client.CaughtUp;
import dev.reactorhub.client.Connected;
import dev.reactorhub.client.Delivery;
import dev.reactorhub.client.Disconnected;
import dev.reactorhub.client.Event;
import dev.reactorhub.client.EventStream;
import dev.reactorhub.client.Filter;
import dev.reactorhub.client.Gap;
import dev.reactorhub.client.Lagging;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.client.StartAt;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Prints events until Ctrl-C, until there were as many as wanted, or until nobody reads them any
 * more. Standard output holds events and nothing else; what there is to say about their delivery
 * goes to standard error. Its options are written by picocli, before the call.
 */
@Command(
    name = "tail",
    description = "Print events as they come, one JSON object a line, until Ctrl-C.",
    sortOptions = false)
final class TailCommand implements Callable<Integer> {
  static final String SERVER = "127.0.0.1:9090";

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean isHelpWanted;

  @Option(
      names = "--channel",
      paramLabel = "CHANNEL",
      description =
          "A channel, or a pattern: * one token, > the rest. May be repeated. Default: default.")
  private List<String> channels = new ArrayList<>();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "An event type. May be repeated. Default: every type.")
  private List<String> types = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "START",
      defaultValue = "latest",
      converter = StartParser.class,
      description =
          "latest, earliest, a position such as k3x9.1042, or a time such as 2026-01-31T12:00:00Z."
              + " Default: latest.")
  private StartAt start = StartAt.latest();

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      defaultValue = SERVER,
      description = "The hub's gRPC port. Default: " + SERVER + ".")
  private String server = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "End after so many events. Default: never.")
  private long limit = Long.MAX_VALUE;

  private long printed;

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new IllegalArgumentException("--limit is " + limit + ": must be 1 or more");
    }
    Filter filter = new Filter(channels, types);
    PrintWriter out = Terminal.out(spec);
    try (ReactorClient client = ReactorClient.builder(server).build();
        EventStream events = client.events(filter, start)) {
      // Checking flushes as well: a line is seen as soon as its event has come.
      while (!out.checkError() && printed < limit && events.hasNext()) {
        print(events.next(), out);
      }
      return ExitCode.OK;
    }
  }

  private void print(Delivery delivery, PrintWriter out) {
    switch (delivery) {
      case Event event -> {
        out.println(JsonLine.of(event));
        printed++;
      }
      case Gap gap -> note("gap from " + gap.from() + " to " + gap.to() + ": " + gap.reason());
      case Disconnected lost -> note("disconnected, will connect again: " + lost.message());
      case Connected connected -> {}
      case CaughtUp caughtUp -> {}
      case Lagging lagging -> {}
    }
  }

  private void note(String text) {
    PrintWriter err = Terminal.err(spec);
    err.println(text);
    err.flush();
  }
}
