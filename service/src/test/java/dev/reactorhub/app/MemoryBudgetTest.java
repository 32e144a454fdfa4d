package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which logs in memory are warned of. */
final class MemoryBudgetTest {
  @Test
  void halfOfTheHeapIsForEvents() {
    assertThat(MemoryBudget.warning(512, 1_024)).isEmpty();
    assertThat(MemoryBudget.warning(513, 1_024))
        .hasValue(
            "memory_log_does_not_fit log.retention.bytes=513 heap=1024 remedy=set"
                + " log.retention.bytes to 512 or less, or allow more with -Xmx");
  }

  @Test
  void aLogWithoutABoundIsTooLargeForEveryHeap() {
    assertThat(MemoryBudget.warning(0, Long.MAX_VALUE)).isPresent();
  }
}
