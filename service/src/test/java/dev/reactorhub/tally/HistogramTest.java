package dev.reactorhub.tally;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values under their bounds. */
final class HistogramTest {
  @Test
  void aValueCountsUnderItsBoundAndUnderEveryLargerOne() {
    Histogram histogram = Histogram.ofCounts();

    List.of(1L, 2L, 4L, 5L, 4096L, 5000L).forEach(histogram::record);

    assertThat(histogram.snapshot())
        .isEqualTo(
            new Histogram.Snapshot(
                List.of(1L, 4L, 16L, 64L, 256L, 1024L, 4096L),
                List.of(1L, 3L, 4L, 4L, 4L, 4L, 5L, 6L),
                9108));
    assertThat(histogram.snapshot().count()).isEqualTo(6);
  }

  @Test
  void durationsHaveBoundsFromATenthOfAMillisecondToTenSeconds() {
    assertThat(Histogram.ofNanos().snapshot().bounds())
        .startsWith(100_000L, 250_000L, 500_000L, 1_000_000L)
        .endsWith(5_000_000_000L, 10_000_000_000L)
        .hasSize(16)
        .isSorted();
  }

  @Test
  void noneOfWhatManyThreadsRecordIsLost() throws InterruptedException {
    Histogram histogram = Histogram.ofNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int value = 0; value < 10_000; value++) {
                      histogram.record(value);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(histogram.snapshot().count()).isEqualTo(40_000);
    assertThat(histogram.snapshot().sum()).isEqualTo(4 * 49_995_000L);
  }
}
