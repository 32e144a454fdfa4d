package dev.reactorhub.hub;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What was read from the window last, for subscriptions that catch up side by side: they are given
 * the same lists, so that they can share what is made of them. Any thread.
 */
final class WindowRuns {
  /** They may hold on to events that have left the window: a batch each. */
  private static final int SLOTS = 8;

  private final AtomicReferenceArray<@Nullable Run> runs = new AtomicReferenceArray<>(SLOTS);

  /**
   * What one subscription was given.
   *
   * @param lane of all subscriptions with its filter
   * @param afterSeq where it stood
   * @param through how far it was read
   */
  record Run(Lane lane, long afterSeq, int bytesMax, long through, List<EncodedEvent> events) {
    private boolean serves(Lane wanted, long seq, int wantedBytesMax) {
      return lane == wanted && afterSeq == seq && bytesMax == wantedBytesMax;
    }
  }

  /** What another of the lane was given at this place; null: none lately. */
  @Nullable Run find(Lane lane, long afterSeq, int bytesMax) {
    Run run = runs.get(slot(afterSeq));
    return run != null && run.serves(lane, afterSeq, bytesMax) ? run : null;
  }

  void keep(Run run) {
    runs.set(slot(run.afterSeq()), run);
  }

  private static int slot(long seq) {
    return (int) ((seq * 0x9E3779B97F4A7C15L) >>> 32) & (SLOTS - 1);
  }
}
