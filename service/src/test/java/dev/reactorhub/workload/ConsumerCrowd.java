package dev.reactorhub.workload;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.util.Durations;
import dev.reactorhub.event.Position;
import dev.reactorhub.history.Consumption;
import dev.reactorhub.history.Content;
import dev.reactorhub.history.FinalLog;
import dev.reactorhub.history.History;
import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.ConsumerMode;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.Credit;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.GetConsumerRequest;
import dev.reactorhub.v1.Open;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The durable consumers of a workload, and their clients. */
final class ConsumerCrowd {
  private static final String LETTER_TYPE = "reactor_dead_letter";
  private static final Duration ACK_DEADLINE = Duration.ofSeconds(1);
  private static final Duration DRAIN_MAX = Duration.ofMinutes(1);
  private static final List<Kind> KINDS =
      List.of(
          new Kind("all", new Interest(List.of(">"), List.of()), false, new Size(3, 64, 50)),
          new Kind(
              "news",
              new Interest(List.of("default", "news.*"), List.of("news_processed")),
              false,
              new Size(2, 8, 2)),
          new Kind(
              "ordered",
              new Interest(List.of("default", "orders", "news.eu"), List.of()),
              true,
              new Size(2, 16, 50)));

  private final Supplier<Endpoint> endpoint;
  private final List<Consumption> consumptions = new ArrayList<>();
  private volatile boolean isCalm;
  private volatile boolean isOver;

  private record Kind(String name, Interest interest, boolean isExclusive, Size size) {
    String letters() {
      return "dead-letter." + name;
    }

    boolean wants(Content content) {
      return interest.test(content) && !content.channel().equals(letters());
    }
  }

  /** How many clients, how much credit for each, and how many attempts. */
  private record Size(int clients, int credit, int attemptsMax) {}

  ConsumerCrowd(History history, Supplier<Endpoint> endpoint) {
    this.endpoint = endpoint;
    for (Kind kind : KINDS) {
      consumptions.add(
          history.consumption(
              new Consumption.Definition(
                  kind.name(),
                  kind::wants,
                  kind.isExclusive(),
                  new Consumption.Limits(ACK_DEADLINE, kind.size().attemptsMax()))));
    }
  }

  /** What they do, each on a thread of its own. */
  List<Runnable> clients(SplittableRandom random) {
    List<Runnable> clients = new ArrayList<>();
    LoopingConsumer.Mood mood = new LoopingConsumer.Mood(() -> isCalm, () -> isOver);
    for (int i = 0; i < KINDS.size(); i++) {
      for (int client = 0; client < KINDS.get(i).size().clients(); client++) {
        clients.add(
            new LoopingConsumer(
                endpoint, consumptions.get(i), open(KINDS.get(i)), mood, random.split()));
      }
    }
    return clients;
  }

  private static Open open(Kind kind) {
    return Open.newBuilder()
        .setConsumer(kind.name())
        .setDefinition(
            ConsumerDefinition.newBuilder()
                .setFilter(
                    Filter.newBuilder()
                        .addAllChannels(kind.interest().channels())
                        .addAllTypes(kind.interest().types()))
                .setMode(
                    kind.isExclusive()
                        ? ConsumerMode.CONSUMER_MODE_EXCLUSIVE
                        : ConsumerMode.CONSUMER_MODE_SHARED)
                .setAttemptsMax(kind.size().attemptsMax()))
        .setAckDeadline(Durations.fromMillis(ACK_DEADLINE.toMillis()))
        .setCredit(Credit.newBuilder().setEventsMax(kind.size().credit()))
        .build();
  }

  /** The hub is another process, or nobody sees what it says. */
  void moved() {
    consumptions.forEach(Consumption::moved);
  }

  /** Has everything up to the end dealt with, and the clients leave. */
  void finish(Position end) {
    isCalm = true;
    ManagedChannel channel = endpoint.get().grpc();
    try {
      for (int i = 0; i < KINDS.size(); i++) {
        String name = KINDS.get(i).name();
        Consumption consumption = consumptions.get(i);
        await("consumer " + name)
            .atMost(DRAIN_MAX)
            .until(() -> isThrough(channel, name, consumption, end));
      }
    } finally {
      channel.shutdownNow();
      isOver = true;
    }
  }

  private static boolean isThrough(
      ManagedChannel channel, String name, Consumption consumption, Position end) {
    GetConsumerRequest request = GetConsumerRequest.newBuilder().setConsumer(name).build();
    Position cursor =
        Wire.position(
            ConsumerServiceGrpc.newBlockingStub(channel)
                .getConsumer(request)
                .getConsumer()
                .getPosition());
    boolean isThrough = cursor.epoch().equals(end.epoch()) && cursor.seq() >= end.seq();
    if (isThrough) {
      consumption.told(cursor);
    }
    return isThrough;
  }

  /** Notes the dead letters that are in the log. */
  void takeLetters(FinalLog log) {
    for (FinalLog.Entry entry : log.entries()) {
      if (isLetter(entry.content())) {
        JsonNode letter = Wire.parse(entry.content().data());
        int of =
            KINDS.stream().map(Kind::name).toList().indexOf(letter.get("consumer").textValue());
        consumptions
            .get(of)
            .parked(
                Wire.position(letter.get("position").textValue()),
                new Consumption.Letter(
                    Wire.content(letter.get("event")),
                    letter.get("attempts").intValue(),
                    letter.get("error").textValue()));
      }
    }
  }

  /** Whether the hub wrote it for an event that failed too often. */
  static boolean isLetter(Content content) {
    return content.type().equals(LETTER_TYPE) && content.channel().startsWith("dead-letter.");
  }

  String summary() {
    return consumptions.stream().map(Consumption::summary).collect(Collectors.joining("; "));
  }
}
