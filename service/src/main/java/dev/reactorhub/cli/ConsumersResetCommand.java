package dev.reactorhub.cli;

import com.google.protobuf.Timestamp;
import dev.reactorhub.client.StartAt;
import dev.reactorhub.v1.Earliest;
import dev.reactorhub.v1.Latest;
import dev.reactorhub.v1.ResetConsumerRequest;
import dev.reactorhub.v1.Start;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Moves the cursor of a consumer. Its options are written by picocli, before the call. */
@Command(
    name = "reset",
    description = "Move the cursor of a durable consumer; its clients open again.",
    sortOptions = false)
final class ConsumersResetCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--to",
      paramLabel = "START",
      required = true,
      converter = StartParser.class,
      description =
          "latest, earliest, a position such as k3x9.1042, or a time such as"
              + " 2026-01-31T12:00:00Z.")
  private StartAt to = StartAt.latest();

  @Mixin private ConsumerServer server = new ConsumerServer();

  @Parameters(paramLabel = "NAME", description = "The consumer.")
  private String name = "";

  @Override
  public Integer call() {
    ResetConsumerRequest request =
        ResetConsumerRequest.newBuilder().setConsumer(name).setTo(start(to)).build();
    ConsumersShowCommand.print(
        server.ask(hub -> hub.resetConsumer(request)).getConsumer(), Terminal.out(spec));
    return ExitCode.OK;
  }

  private static Start start(StartAt at) {
    Start.Builder start = Start.newBuilder();
    switch (at) {
      case StartAt.Latest latest -> start.setLatest(Latest.getDefaultInstance());
      case StartAt.Earliest earliest -> start.setEarliest(Earliest.getDefaultInstance());
      case StartAt.After after -> start.setAfter(after.position());
      case StartAt.Since since -> start.setSince(timestamp(since.time()));
    }
    return start.build();
  }

  private static Timestamp.Builder timestamp(Instant time) {
    return Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano());
  }
}
