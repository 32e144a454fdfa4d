package dev.reactorhub.tally;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How many values fell under each of some bounds, and their sum. To record one costs a search among
 * the bounds and two additions. Any thread; a reader may miss what is recorded meanwhile.
 */
public final class Histogram {
  private static final long NANOS_PER_MICRO = 1_000;

  /** From what a commit in memory takes to what nobody waits for. */
  private static final long[] DURATION_MICROS = {
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000
  };

  /** Ascending; a value equal to a bound falls under it. */
  private final long[] bounds;

  /** One for each bound, and one for what is above the last. */
  private final LongAdder[] buckets;

  private final LongAdder sum = new LongAdder();

  private Histogram(long[] bounds) {
    this.bounds = bounds;
    this.buckets =
        Stream.generate(LongAdder::new).limit(bounds.length + 1L).toArray(LongAdder[]::new);
  }

  /** Of durations in nanoseconds, with bounds from 0.1 ms to 10 s, in steps of about 2.5. */
  public static Histogram ofNanos() {
    return new Histogram(LongStream.of(DURATION_MICROS).map(m -> m * NANOS_PER_MICRO).toArray());
  }

  /** Of numbers, with the powers of four from 1 to 4096 as bounds. */
  public static Histogram ofCounts() {
    return new Histogram(LongStream.iterate(1, bound -> bound <= 4096, b -> b * 4).toArray());
  }

  /** Counts a value. */
  public void record(long value) {
    int found = Arrays.binarySearch(bounds, value);
    buckets[found < 0 ? -found - 1 : found].increment();
    sum.add(value);
  }

  /** What was recorded so far. */
  public Snapshot snapshot() {
    long[] counts = Arrays.stream(buckets).mapToLong(LongAdder::sum).toArray();
    Arrays.parallelPrefix(counts, Long::sum);
    return new Snapshot(
        LongStream.of(bounds).boxed().toList(), LongStream.of(counts).boxed().toList(), sum.sum());
  }

  /**
   * What was recorded up to some moment.
   *
   * @param bounds ascending
   * @param cumulative how many values were at most each bound, and at last how many there were
   * @param sum of all values
   */
  public record Snapshot(List<Long> bounds, List<Long> cumulative, long sum) {
    /** How many values were recorded. */
    public long count() {
      return cumulative.getLast();
    }
  }
}
