package dev.reactorhub.hub;

import dev.reactorhub.tally.Histogram;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one face handed to its clients' connections. Counted by the batch, not by the event. Any
 * thread.
 */
public final class DeliveryFigures {
  private final LongAdder events = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final Histogram lagNanos = Histogram.ofNanos();

  /** So many events, encoded, in so many bytes, were handed over. */
  public void delivered(long eventsMore, long bytesMore) {
    events.add(eventsMore);
    bytes.add(bytesMore);
  }

  /**
   * Events that are delivered live have been written by now; those of the log are passed over.
   *
   * @param committedAtNanos of the newest of them: {@link EncodedEvent#committedAtNanos}
   */
  public void written(long committedAtNanos, long nowNanos) {
    if (committedAtNanos != EncodedEvent.NOT_LIVE) {
      lagNanos.record(nowNanos - committedAtNanos);
    }
  }

  /** Events handed over, once for each client. */
  public long events() {
    return events.sum();
  }

  /** Their bytes. */
  public long bytes() {
    return bytes.sum();
  }

  /** Nanoseconds from a commit to the end of the write, sampled. */
  public Histogram lagNanos() {
    return lagNanos;
  }
}
