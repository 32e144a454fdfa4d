package dev.reactorhub.hub;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest events, in a ring by seq. One thread adds (the log's), any thread reads. Bounded by
 * count and by bytes: whoever needs an older event reads the log.
 */
final class LiveWindow {
  private final AtomicReferenceArray<@Nullable EncodedEvent> slots;
  private final int mask;
  private final long bytesMax;

  /** The bytes of the events held. Adding thread only. */
  private long bytes;

  /** The oldest seq held. Adding thread only. */
  private long first;

  /** The newest seq held, {@code first - 1} when empty. Adding thread only. */
  private long last;

  LiveWindow(int eventsMax, long bytesMax, long lastSeq) {
    int capacity = Integer.highestOneBit(Math.max(2, eventsMax));
    this.slots = new AtomicReferenceArray<>(capacity);
    this.mask = capacity - 1;
    this.bytesMax = bytesMax;
    this.first = lastSeq + 1;
    this.last = lastSeq;
  }

  /** Adds the event that follows the last. */
  void add(EncodedEvent event) {
    long seq = event.seq();
    if (seq != last + 1) {
      throw new IllegalStateException("seq " + seq + " follows " + last + ": the log left a hole");
    }
    bytes += event.sizeBytes();
    // Evict before the slot is reused: a reader must find either the seq it asked for or nothing.
    while (first < seq && (seq - first > mask || bytes > bytesMax)) {
      evictFirst();
    }
    slots.set((int) seq & mask, event);
    last = seq;
  }

  private void evictFirst() {
    long evictedSeq = first;
    int slot = (int) evictedSeq & mask;
    EncodedEvent evicted = slots.get(slot);
    slots.set(slot, null);
    first = evictedSeq + 1;
    if (evicted != null) {
      bytes -= evicted.sizeBytes();
    }
  }

  /** The event of this seq, or null when it is not held (any more, or yet). */
  @Nullable EncodedEvent get(long seq) {
    EncodedEvent event = slots.get((int) seq & mask);
    return event != null && event.seq() == seq ? event : null;
  }
}
