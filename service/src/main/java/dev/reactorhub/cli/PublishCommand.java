package dev.reactorhub.cli;

import dev.reactorhub.client.NewEvent;
import dev.reactorhub.client.PublishResult;
import dev.reactorhub.client.ReactorClient;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Stores one event and prints where. Its options are written by picocli, before the call. */
@Command(
    name = "publish",
    description = "Store one event and print its id, seq and position.",
    sortOptions = false)
final class PublishCommand implements Callable<Integer> {
  /** Somebody waits at the terminal: much less than what a backend would wait. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean isHelpWanted;

  @Option(
      names = "--type",
      required = true,
      paramLabel = "TYPE",
      description = "The event's type, for example news_processed.")
  private String type = "";

  @Option(
      names = "--channel",
      paramLabel = "CHANNEL",
      defaultValue = NewEvent.DEFAULT_CHANNEL,
      description = "The event's channel. Default: default.")
  private String channel = "";

  @Option(
      names = "--data",
      paramLabel = "JSON",
      defaultValue = "{}",
      description = "The event's data, any JSON value. Default: {}.")
  private String data = "";

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The event's id: the same again is stored once. Default: a new one.")
  private @Nullable String id;

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      defaultValue = NewEvent.DEFAULT_SOURCE,
      description = "Who emits it. Default: system.")
  private String source = "";

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      defaultValue = TailCommand.SERVER,
      description = "The hub's gRPC port. Default: " + TailCommand.SERVER + ".")
  private String server = "";

  @Override
  public Integer call() {
    NewEvent.Builder event = NewEvent.builder(type).channel(channel).dataJson(data).source(source);
    if (id != null) {
      event.id(id);
    }
    NewEvent whole = event.build();
    try (ReactorClient client = ReactorClient.builder(server).publishTimeout(TIMEOUT).build()) {
      PublishResult stored = client.publish(whole);
      PrintWriter out = Terminal.out(spec);
      out.println(JsonLine.of(stored));
      out.flush();
      return ExitCode.OK;
    }
  }
}
