package dev.reactorhub.cli;

import com.google.protobuf.Timestamp;
import dev.reactorhub.v1.Consumer;
import dev.reactorhub.v1.ConsumerClient;
import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.ConsumerMode;
import dev.reactorhub.v1.GetConsumerRequest;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints how one consumer stands. Its options are written by picocli, before the call. */
@Command(name = "show", description = "Print how a durable consumer stands.")
final class ConsumersShowCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConsumerServer server = new ConsumerServer();

  @Parameters(paramLabel = "NAME", description = "The consumer.")
  private String name = "";

  @Override
  public Integer call() {
    GetConsumerRequest request = GetConsumerRequest.newBuilder().setConsumer(name).build();
    print(server.ask(hub -> hub.getConsumer(request)).getConsumer(), Terminal.out(spec));
    return ExitCode.OK;
  }

  /** The mode, in one word. */
  static String mode(Consumer consumer) {
    return consumer.getDefinition().getMode() == ConsumerMode.CONSUMER_MODE_EXCLUSIVE
        ? "exclusive"
        : "shared";
  }

  static void print(Consumer consumer, PrintWriter out) {
    ConsumerDefinition definition = consumer.getDefinition();
    line(out, "name", consumer.getName());
    line(out, "mode", mode(consumer));
    line(out, "channels", String.join(" ", definition.getFilter().getChannelsList()));
    line(
        out,
        "types",
        definition.getFilter().getTypesCount() == 0
            ? "all"
            : String.join(" ", definition.getFilter().getTypesList()));
    line(out, "created", text(consumer.getCreatedAt()));
    line(out, "position", consumer.getPosition());
    line(out, "lag", Long.toString(consumer.getLagEvents()));
    line(out, "outstanding", Integer.toString(consumer.getOutstandingEvents()));
    line(out, "retrying", Integer.toString(consumer.getRetryingEvents()));
    line(
        out,
        "acknowledged",
        consumer.getAcknowledgedEvents()
            + (consumer.hasAcknowledgedAt()
                ? ", last at " + text(consumer.getAcknowledgedAt())
                : ""));
    line(out, "redelivered", Long.toString(consumer.getRedeliveredEvents()));
    line(
        out,
        "parked",
        consumer.getParkedEvents()
            + ", after "
            + definition.getAttemptsMax()
            + " attempts, on "
            + definition.getDeadLetterChannel());
    for (ConsumerClient client : consumer.getClientsList()) {
      line(out, "client", text(client));
    }
    out.flush();
  }

  private static String text(ConsumerClient client) {
    return client.getAddress()
        + (client.getActive() ? " active" : " standing by")
        + ", since "
        + text(client.getOpenedAt())
        + ", outstanding: "
        + client.getOutstandingEvents()
        + " of "
        + client.getCredit().getEventsMax();
  }

  private static String text(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
  }

  private static void line(PrintWriter out, String what, String value) {
    out.println(what + " ".repeat(13 - what.length()) + value);
  }
}
