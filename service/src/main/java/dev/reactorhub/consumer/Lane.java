package dev.reactorhub.consumer;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The events that are to be dealt with one after the other: those of a channel, or all of an
 * exclusive consumer. In log order: what is outstanding, which belongs to one holder, then what
 * waits. Guarded by the ledger's owner.
 */
final class Lane<E> {
  final String key;

  private @Nullable Entry<E> first;
  private @Nullable Entry<E> last;

  /** The first that waits; it may be on its way to the dead letters. */
  private @Nullable Entry<E> next;

  /** Who has what is outstanding; null: nobody, and anybody may take what waits. */
  @Nullable Holder<E> owner;

  /** True: nothing is given out before {@link #notBeforeNanos}. */
  boolean isDelayed;

  long notBeforeNanos;

  /** The index that lists it, by {@link #listedSeq}; null: none. */
  private @Nullable NavigableSet<Lane<E>> listed;

  /** The seq of what comes next, while it is listed. */
  private long listedSeq;

  Lane(String key) {
    this.key = key;
  }

  /** An index of lanes by what comes next. */
  static <E> NavigableSet<Lane<E>> index() {
    return new TreeSet<>(Comparator.comparingLong(lane -> lane.listedSeq));
  }

  boolean isEmpty() {
    return first == null;
  }

  boolean hasOutstanding() {
    return first != next;
  }

  /** The first that waits; null: none does. */
  @Nullable Entry<E> next() {
    return next;
  }

  /** Whether it is listed, under this seq. */
  boolean isListed(long seq) {
    return listed != null && listedSeq == seq;
  }

  long listedSeq() {
    return listedSeq;
  }

  /** The first that waits, of a lane that is listed. */
  Entry<E> listedNext() {
    return requireNonNull(next, "in a listed lane something waits");
  }

  /** The first that is outstanding, of a lane that has such. */
  Entry<E> firstOutstanding() {
    return requireNonNull(first, "an owner has something outstanding");
  }

  /** Adds one that waits, behind all others. */
  void add(Entry<E> entry) {
    entry.previous = last;
    if (last == null) {
      first = entry;
    } else {
      last.following = entry;
    }
    last = entry;
    if (next == null) {
      next = entry;
    }
  }

  /** What waits first is outstanding from now on. */
  void give() {
    next = listedNext().following;
  }

  /** One that is outstanding, and all behind it, wait from now on. */
  void takeBack(Entry<E> entry) {
    next = entry;
  }

  void remove(Entry<E> entry) {
    Entry<E> previous = entry.previous;
    Entry<E> following = entry.following;
    if (previous == null) {
      first = following;
    } else {
      previous.following = following;
    }
    if (following == null) {
      last = previous;
    } else {
      following.previous = previous;
    }
    if (next == entry) {
      next = following;
    }
    entry.previous = null;
    entry.following = null;
  }

  /** Lists it in an index, under a seq; null: nowhere. */
  @SuppressWarnings("ReferenceEquality") // Two indexes with the same lanes are still two.
  void list(@Nullable NavigableSet<Lane<E>> index, long seq) {
    if (index != null && index == listed && keepsItsPlace(index, seq)) {
      listedSeq = seq;
      return;
    }
    if (listed != null) {
      listed.remove(this);
    }
    listed = index;
    listedSeq = seq;
    if (index != null) {
      index.add(this);
    }
  }

  /** As most often: the next event of the lane is before those of all lanes behind it. */
  private boolean keepsItsPlace(NavigableSet<Lane<E>> index, long seq) {
    if (seq < listedSeq) {
      return false;
    }
    Lane<E> behind = index.size() == 1 ? null : index.higher(this);
    return behind == null || seq < behind.listedSeq;
  }
}
