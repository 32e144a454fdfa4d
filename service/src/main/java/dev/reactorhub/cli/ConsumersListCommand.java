package dev.reactorhub.cli;

import dev.reactorhub.v1.Consumer;
import dev.reactorhub.v1.ListConsumersRequest;
import dev.reactorhub.v1.ListConsumersResponse;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a line for each consumer. */
@Command(name = "list", description = "Print a line for each durable consumer.")
final class ConsumersListCommand implements Callable<Integer> {
  private static final String ROW = "%-32s %-9s %12s %12s %8s %8s  %s%n";

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConsumerServer server = new ConsumerServer();

  @Override
  public Integer call() {
    print(server, Terminal.out(spec));
    return ExitCode.OK;
  }

  /** Prints all that a hub has. */
  static void print(ConsumerServer server, PrintWriter out) {
    List<Consumer> all = all(server);
    out.printf(
        Locale.ROOT, ROW, "NAME", "MODE", "LAG", "OUTSTANDING", "PARKED", "CLIENTS", "POSITION");
    for (Consumer consumer : all) {
      out.printf(
          Locale.ROOT,
          ROW,
          consumer.getName(),
          ConsumersShowCommand.mode(consumer),
          consumer.getLagEvents(),
          consumer.getOutstandingEvents(),
          consumer.getParkedEvents(),
          consumer.getClientsCount(),
          consumer.getPosition());
    }
    out.flush();
  }

  private static List<Consumer> all(ConsumerServer server) {
    return server.ask(
        hub -> {
          List<Consumer> all = new ArrayList<>();
          String after = "";
          do {
            ListConsumersResponse page =
                hub.listConsumers(ListConsumersRequest.newBuilder().setAfter(after).build());
            all.addAll(page.getConsumersList());
            after = page.getNext();
          } while (!after.isEmpty());
          return all;
        });
  }
}
