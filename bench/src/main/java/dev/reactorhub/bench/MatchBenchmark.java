package dev.reactorhub.bench;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.TypeRule;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

/** Whether a filter wants an event, as a replay asks for each event: the last pattern matches. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MatchBenchmark {
  private static final Channel CHANNEL = new Channel("room.7.news");
  private static final EventType TYPE = new EventType("news_processed");

  /** How many patterns the filter has. */
  @Param({"1", "10", "100"})
  public int patterns = 1;

  private EventFilter filter = EventFilter.ALL;

  /** Makes the filter. */
  @Setup
  public void makeFilter() {
    filter =
        new EventFilter(
            IntStream.range(0, patterns)
                .mapToObj(i -> new ChannelPattern(i == 0 ? "room.*.news" : "other." + i + ".>"))
                .collect(Collectors.toSet()),
            TypeRule.ALL);
  }

  /** One event. */
  @Benchmark
  public boolean match() {
    return filter.matches(CHANNEL, TYPE);
  }
}
