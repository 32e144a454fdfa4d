package dev.reactorhub.hub;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.event.Position;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.memory.LogWithHoles;
import dev.reactorhub.log.memory.MemoryEventLog;
import dev.reactorhub.wire.EventEncoding;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A hub over a log in memory, and a subscriber that writes down what it is given. */
final class HubFixture implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  final MemoryEventLog log;
  final Hub hub;
  private int published;

  HubFixture(HubSettings settings, long retentionEvents) {
    this.log = LogWithHoles.open(retentionEvents, InstantSource.fixed(NOW));
    this.hub = new Hub(log, new EventEncoding(), settings);
  }

  static HubFixture ofDefaults() {
    return new HubFixture(HubSettings.DEFAULTS, 0);
  }

  static EventFilter filter(String channels, String... types) {
    Set<ChannelPattern> patterns =
        Arrays.stream(channels.split(",", -1))
            .map(ChannelPattern::new)
            .collect(Collectors.toCollection(TreeSet::new));
    EventFilter filter = new EventFilter(patterns, TypeRule.ALL);
    return types.length == 0
        ? filter
        : filter.withTypes(
            new TypeRule.Only(
                Arrays.stream(types).map(EventType::new).collect(Collectors.toSet())));
  }

  /** Publishes one event and waits until it is committed and dispatched. */
  long publish(String channel, String type) {
    Event event =
        new Event(
            "e" + published++,
            new EventType(type),
            new Channel(channel),
            "test",
            NOW,
            Json.EMPTY_OBJECT,
            null);
    AppendResult result = hub.publish(List.of(event)).join();
    return ((AppendResult.Stored) result).events().getFirst().seq();
  }

  void publishMany(int count, String channel, String type) {
    for (int i = 0; i < count; i++) {
      publish(channel, type);
    }
  }

  /** Has 1 and 3 removed by the rule for brief channels; 2 and 4, then 5 and 6, are kept. */
  void makeAHole() {
    LogWithHoles.makeAHole(log, this::publish);
  }

  Position position(long seq) {
    return new Position(log.range().epoch(), seq);
  }

  Reader subscribe(EventFilter filter, Start start) {
    return new Reader(hub, filter, start);
  }

  @Override
  public void close() {
    log.close();
  }

  /** Polls to the end on demand, and writes down what it was given, events by their seq. */
  static final class Reader {
    final Subscription subscription;
    final List<String> told = new ArrayList<>();
    final List<Long> seqs = new ArrayList<>();
    private final java.util.concurrent.atomic.AtomicInteger wakeUps =
        new java.util.concurrent.atomic.AtomicInteger();

    Reader(Hub hub, EventFilter filter, Start start) {
      this.subscription =
          switch (hub.subscribe(filter, start, wakeUps::incrementAndGet)) {
            case Hub.SubscribeResult.Subscribed subscribed -> subscribed.subscription();
            case Hub.SubscribeResult.InFuture future ->
                throw new AssertionError("in the future of " + future.head());
          };
    }

    int wakeUps() {
      return wakeUps.get();
    }

    /** Polls until there is nothing more. */
    Reader drain() {
      while (pollOnce()) {
        // until Nothing
      }
      return this;
    }

    /** Returns false at {@link Next.Nothing}. */
    boolean pollOnce() {
      switch (subscription.poll(1 << 20)) {
        case Next.Events events -> {
          for (EncodedEvent event : events.events()) {
            seqs.add(event.seq());
            told.add(Long.toString(event.seq()));
          }
        }
        case Next.Gap gap ->
            told.add("gap " + gap.from().seq() + "-" + gap.to().seq() + " " + gap.reason());
        case Next.Lagging lagging ->
            told.add("lagging " + lagging.position().seq() + "/" + lagging.head().seq());
        case Next.CaughtUp caughtUp -> told.add("caught up " + caughtUp.position().seq());
        case Next.Nothing nothing -> {
          return false;
        }
      }
      return true;
    }
  }
}
