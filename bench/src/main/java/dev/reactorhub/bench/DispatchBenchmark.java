package dev.reactorhub.bench;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.HubSettings;
import dev.reactorhub.hub.Start;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.memory.MemoryEventLog;
import dev.reactorhub.wire.EventEncoding;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Publishing through a log in memory while so many subscriptions, each on a channel of its own, do
 * not match: the cost must not grow with them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DispatchBenchmark {
  private static final int BATCH = 64;

  /** Subscriptions that the events do not match. */
  @Param({"1", "1000", "100000"})
  public int strangers = 1;

  private final MemoryEventLog log =
      MemoryEventLog.open(LogSettings.DEFAULTS, InstantSource.system());
  private final Hub hub = new Hub(log, new EventEncoding(), HubSettings.DEFAULTS);
  private long published;

  /** Opens the subscriptions. */
  @Setup(Level.Trial)
  public void subscribe() {
    for (int i = 0; i < strangers; i++) {
      ChannelPattern own = new ChannelPattern("own." + i);
      var _ =
          hub.subscribe(new EventFilter(Set.of(own), TypeRule.ALL), new Start.Latest(), () -> {});
    }
  }

  /** Releases the log. */
  @TearDown(Level.Trial)
  public void close() {
    log.close();
  }

  /** A batch of events on the default channel. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public AppendResult publish() {
    List<Event> events = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      events.add(
          new Event(
              "b" + published++,
              new EventType("news_processed"),
              Channel.DEFAULT,
              Event.SOURCE_DEFAULT,
              Instant.EPOCH,
              Json.EMPTY_OBJECT,
              null));
    }
    return hub.publish(events).join();
  }
}
