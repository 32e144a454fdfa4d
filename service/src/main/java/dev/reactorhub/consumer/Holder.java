package dev.reactorhub.consumer;

import java.util.Comparator;
import java.util.TreeMap;
import java.util.TreeSet;

/** One client in the ledger: what it was given, and how much it may have. */
final class Holder<E> {
  /** What is outstanding, by seq. */
  final TreeMap<Long, Entry<E>> held = new TreeMap<>();

  /** The same, by deadline. */
  final TreeSet<Entry<E>> deadlines =
      new TreeSet<>(
          Comparator.<Entry<E>>comparingLong(entry -> entry.deadlineNanos)
              .thenComparingLong(entry -> entry.seq));

  /** The lanes of which it has something outstanding and something waits, by what comes next. */
  final TreeMap<Long, Lane<E>> own = new TreeMap<>();

  final long ackDeadlineNanos;

  /** False while another is the active one of an exclusive consumer. */
  boolean isActive;

  int eventsMax;
  long bytesMax;
  long bytes;

  /** The newest seq that it was given or told; acknowledgements beyond it are a mistake. */
  long newestTold;

  Holder(long ackDeadlineNanos) {
    this.ackDeadlineNanos = ackDeadlineNanos;
  }

  /** Whether it is given events and may have another. */
  boolean hasCredit() {
    return isActive && held.size() < eventsMax && (held.isEmpty() || bytes < bytesMax);
  }

  /** Whether it may have another of so many bytes: a single one may be larger than all. */
  boolean hasCreditFor(int eventBytes) {
    return held.isEmpty() || bytes + eventBytes <= bytesMax;
  }

  void add(Entry<E> entry) {
    held.put(entry.seq, entry);
    deadlines.add(entry);
    bytes += entry.bytes;
  }

  void remove(Entry<E> entry) {
    held.remove(entry.seq);
    deadlines.remove(entry);
    bytes -= entry.bytes;
  }
}
