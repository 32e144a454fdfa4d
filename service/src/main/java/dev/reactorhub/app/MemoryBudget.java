package dev.reactorhub.app;

import java.util.Optional;

/** Whether the heap can hold a log that is kept in memory. */
final class MemoryBudget {
  /** Of the heap the events may take a half: they are more there than their bytes. */
  private static final int HEAP_DIVISOR = 2;

  private MemoryBudget() {}

  /**
   * What to tell of a log that may outgrow the heap, which ends the hub.
   *
   * @param retentionBytes of events that are kept; 0: no bound
   */
  static Optional<String> warning(long retentionBytes, long heapBytes) {
    long most = heapBytes / HEAP_DIVISOR;
    if (retentionBytes > 0 && retentionBytes <= most) {
      return Optional.empty();
    }
    return Optional.of(
        "memory_log_does_not_fit log.retention.bytes="
            + retentionBytes
            + " heap="
            + heapBytes
            + " remedy=set log.retention.bytes to "
            + most
            + " or less, or allow more with -Xmx");
  }
}
