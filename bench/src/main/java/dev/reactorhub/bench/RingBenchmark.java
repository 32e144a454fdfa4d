package dev.reactorhub.bench;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.HubSettings;
import dev.reactorhub.hub.Next;
import dev.reactorhub.hub.Start;
import dev.reactorhub.hub.Subscription;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.memory.MemoryEventLog;
import dev.reactorhub.wire.EventEncoding;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading the window of the newest events again: what a client that is a little behind costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RingBenchmark {
  private static final int BYTES_MAX = 64 << 10;

  /** Events that the client is behind. */
  @Param({"1", "64", "512"})
  public int behind = 1;

  private final MemoryEventLog log =
      MemoryEventLog.open(LogSettings.DEFAULTS, InstantSource.system());
  private final Hub hub = new Hub(log, new EventEncoding(), HubSettings.DEFAULTS);
  private Position start = hub.range().headPosition();

  /** Publishes what is read. */
  @Setup
  public void publish() {
    start = hub.range().headPosition();
    for (int i = 0; i < behind; i++) {
      Event event =
          new Event(
              "r" + i,
              new EventType("news_processed"),
              Channel.DEFAULT,
              Event.SOURCE_DEFAULT,
              Instant.EPOCH,
              Json.EMPTY_OBJECT,
              null);
      hub.publish(List.of(event)).join();
    }
  }

  /** A subscription from its place to its first batch. */
  @Benchmark
  public Next read() {
    Hub.SubscribeResult.Subscribed subscribed =
        (Hub.SubscribeResult.Subscribed)
            hub.subscribe(EventFilter.DEFAULT_CHANNEL, new Start.After(start), () -> {});
    try (Subscription subscription = subscribed.subscription()) {
      return subscription.poll(BYTES_MAX);
    }
  }
}
