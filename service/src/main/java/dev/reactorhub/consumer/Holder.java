package dev.reactorhub.consumer;

import java.util.NavigableSet;

/** One client in the ledger: what it was given, and how much it may have. */
final class Holder<E> {
  /** The lanes of which it has something outstanding and something waits, by what comes next. */
  final NavigableSet<Lane<E>> own = Lane.index();

  final long ackDeadlineNanos;

  /** False while another is the active one of an exclusive consumer. */
  boolean isActive;

  int eventsMax;
  long bytesMax;

  /** Events that it has, and their bytes. */
  int outstanding;

  long bytes;

  /** It has nothing before this seq. */
  long heldFrom;

  /** Nothing that it has is overdue before this; by the monotonic clock. */
  long dueNanos = Long.MAX_VALUE;

  /** The newest seq that it was given or told; acknowledgements beyond it are a mistake. */
  long newestTold;

  Holder(long ackDeadlineNanos) {
    this.ackDeadlineNanos = ackDeadlineNanos;
  }

  /** Whether it is given events and may have another. */
  boolean hasCredit() {
    return isActive && outstanding < eventsMax && (outstanding == 0 || bytes < bytesMax);
  }

  /** Whether it may have another of so many bytes: a single one may be larger than all. */
  boolean hasCreditFor(int eventBytes) {
    return outstanding == 0 || bytes + eventBytes <= bytesMax;
  }

  void add(Entry<E> entry, long deadlineNanos) {
    heldFrom = outstanding == 0 ? entry.seq : Math.min(heldFrom, entry.seq);
    outstanding++;
    bytes += entry.bytes;
    entry.holder = this;
    setDeadline(entry, deadlineNanos);
  }

  void setDeadline(Entry<E> entry, long deadlineNanos) {
    entry.deadlineNanos = deadlineNanos;
    dueNanos = Math.min(dueNanos, deadlineNanos);
  }

  void remove(Entry<E> entry) {
    outstanding--;
    bytes -= entry.bytes;
    entry.holder = null;
  }
}
