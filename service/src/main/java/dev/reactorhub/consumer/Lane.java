package dev.reactorhub.consumer;

import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The events that are to be dealt with one after the other: those of a channel, or all of an
 * exclusive consumer. What is outstanding stands before what waits, and belongs to one holder.
 * Guarded by the ledger's owner.
 */
final class Lane<E> {
  final String key;

  /** By seq; the first may be on its way to the dead letters. */
  final TreeMap<Long, Entry<E>> waiting = new TreeMap<>();

  /** By seq. */
  final TreeMap<Long, Entry<E>> outstanding = new TreeMap<>();

  /** Who has what is outstanding; null: nobody, and anybody may take what waits. */
  @Nullable Holder<E> owner;

  /** True: nothing is given out before {@link #notBeforeNanos}. */
  boolean isDelayed;

  long notBeforeNanos;

  /** The index that lists it, under {@link #listedSeq}; null: none. */
  @Nullable NavigableMap<Long, Lane<E>> listed;

  long listedSeq;

  Lane(String key) {
    this.key = key;
  }

  boolean isEmpty() {
    return waiting.isEmpty() && outstanding.isEmpty();
  }

  void list(NavigableMap<Long, Lane<E>> index, long seq) {
    index.put(seq, this);
    listed = index;
    listedSeq = seq;
  }

  void unlist() {
    if (listed != null) {
      listed.remove(listedSeq);
      listed = null;
    }
  }
}
