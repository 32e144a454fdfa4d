package dev.reactorhub.consumer;

import dev.reactorhub.consumer.Definition.Mode;
import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.ConsumerName;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.event.Position;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.HubSettings;
import dev.reactorhub.hub.Start;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.wire.EventEncoding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Consumers over a log, with a monotonic clock that stands still until told. */
final class ConsumersFixture implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  static final ConsumerName NAME = new ConsumerName("mail");
  static final Duration DEADLINE = Duration.ofSeconds(30);

  final EventLog log;
  final Hub hub;
  final AtomicLong nanos = new AtomicLong();
  Consumers consumers;
  private int published;

  ConsumersFixture(EventLog log, ConsumerSettings settings) {
    this.log = log;
    this.hub = new Hub(log, new EventEncoding(), new HubSettings(2, 1 << 20, 2));
    this.consumers = consumers(settings);
  }

  private Consumers consumers(ConsumerSettings settings) {
    Consumers made =
        new Consumers(
            new Consumers.Parts(hub, log.cursors(), InstantSource.fixed(NOW), nanos::get),
            settings);
    made.start();
    return made;
  }

  /** What a new process would have: the stored cursors alone. */
  void restart() {
    consumers.close();
    consumers = consumers(ConsumerSettings.DEFAULTS);
  }

  static Definition shared(String... channels) {
    return definition(Mode.SHARED, 3, channels);
  }

  static Definition definition(Mode mode, int attemptsMax, String... channels) {
    Set<ChannelPattern> patterns =
        Set.of(channels).stream().map(ChannelPattern::new).collect(Collectors.toSet());
    return new Definition(
        new EventFilter(patterns, TypeRule.ALL), mode, attemptsMax, Definition.deadLettersOf(NAME));
  }

  long publish(String channel) {
    String id = "e" + published++;
    Event event =
        new Event(
            id,
            new EventType("note"),
            new Channel(channel),
            "test",
            NOW,
            Json.ofValidated(("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8)),
            null);
    AppendResult result = hub.publish(List.of(event)).join();
    return ((AppendResult.Stored) result).events().getFirst().seq();
  }

  Position position(long seq) {
    return new Position(log.range().epoch(), seq);
  }

  Consumers.Result open(Definition definition, Start start) {
    return consumers.open(
        new Consumers.Opening(NAME, Optional.of(definition), start, DEADLINE),
        new ConsumerClient.Peer("test", () -> {}));
  }

  /** A client of a consumer that begins with the log, with plenty of credit. */
  Client client(Definition definition) {
    return switch (open(definition, new Start.Earliest())) {
      case Consumers.Result.Opened opened -> {
        opened.client().credit(100, 1 << 20);
        yield new Client(opened.client());
      }
      case Consumers.Result other -> throw new AssertionError(other.toString());
    };
  }

  ConsumerInfo info() {
    return consumers.info(NAME).orElseThrow();
  }

  void advance(Duration step) {
    nanos.addAndGet(step.toNanos());
  }

  @Override
  public void close() {
    consumers.close();
    log.close();
  }

  /** Takes on demand, and writes down what it was given. */
  static final class Client {
    final ConsumerClient client;
    private final List<String> told = new ArrayList<>();

    Client(ConsumerClient client) {
      this.client = client;
    }

    /** All that it was told until now; events as seq, or seq#attempt from the second on. */
    List<String> told() {
      while (true) {
        switch (client.take(1 << 20)) {
          case Handed.Events events -> {
            for (Delivery<EncodedEvent> delivery : events.deliveries()) {
              long seq = delivery.event().seq();
              told.add(delivery.attempt() == 1 ? "" + seq : seq + "#" + delivery.attempt());
            }
          }
          case Handed.Gap gap ->
              told.add(
                  "gap "
                      + gap.gap().from().seq()
                      + "-"
                      + gap.gap().to().seq()
                      + " "
                      + gap.gap().reason());
          case Handed.Role role -> told.add(role.isActive() ? "active" : "standby");
          case Handed.Acknowledged acknowledged -> told.add("durable " + acknowledged.ref());
          case Handed.Ended ended -> {
            if (!told.contains("ended")) {
              told.add("ended");
            }
            return List.copyOf(told);
          }
          case Handed.Nothing nothing -> {
            return List.copyOf(told);
          }
        }
      }
    }

    void acknowledge(Long... seqs) {
      if (!(client.acknowledge(List.of(seqs), null, 0) instanceof ConsumerClient.Answer.Taken)) {
        throw new AssertionError("not taken: " + List.of(seqs));
      }
    }
  }
}
