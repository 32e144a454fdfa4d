package dev.reactorhub.consumer;

import dev.reactorhub.consumer.Entry.State;
import dev.reactorhub.consumer.LedgerState.Failure;
import dev.reactorhub.consumer.LedgerState.Stretch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events from the cursor on, in log order. Guarded by the ledger's owner. */
final class Window<E> {
  /** So many forgotten entries are worth moving the others. */
  private static final int FORGOTTEN_MIN = 256;

  /** In log order; the first {@link #forgotten} are no longer of the window. */
  private final ArrayList<Entry<E>> entries = new ArrayList<>();

  private int forgotten;

  /** Of the window: those that are done, and those that failed and are not done. */
  private int done;

  private int failed;

  /** All of them, those that are done included. */
  int size() {
    return entries.size() - forgotten;
  }

  /** Those that are not done. */
  int open() {
    return size() - done;
  }

  /** One that is not done; null: there is none of this seq. */
  @Nullable Entry<E> get(long seq) {
    int index = indexFrom(seq);
    if (index == entries.size()) {
      return null;
    }
    Entry<E> found = entries.get(index);
    return found.seq == seq && found.state != State.DONE ? found : null;
  }

  /** All of them, those that are done included. */
  List<Entry<E>> all() {
    return entries.subList(forgotten, entries.size());
  }

  /** What a holder has up to a seq. */
  List<Entry<E>> heldBy(Holder<E> holder, long through) {
    List<Entry<E>> held = new ArrayList<>();
    int index = holder.outstanding == 0 ? entries.size() : indexFrom(holder.heldFrom);
    while (index < entries.size() && entries.get(index).seq <= through) {
      Entry<E> entry = entries.get(index++);
      if (entry.holder == holder) {
        held.add(entry);
      }
    }
    holder.heldFrom = held.isEmpty() ? Math.max(holder.heldFrom, through) : held.getFirst().seq;
    return held;
  }

  /**
   * What a holder has that is overdue, what was due first before the others. Looks at what it has
   * only when something may be.
   */
  List<Entry<E>> overdue(Holder<E> holder, long nowNanos) {
    if (nowNanos < holder.dueNanos) {
      return List.of();
    }
    List<Entry<E>> overdue = new ArrayList<>();
    holder.dueNanos = Long.MAX_VALUE;
    for (Entry<E> entry : heldBy(holder, Long.MAX_VALUE)) {
      if (entry.deadlineNanos <= nowNanos) {
        overdue.add(entry);
      } else {
        holder.dueNanos = Math.min(holder.dueNanos, entry.deadlineNanos);
      }
    }
    overdue.sort(Comparator.comparingLong(entry -> entry.deadlineNanos));
    return overdue;
  }

  /** Where the first is that has this seq or a later one. */
  private int indexFrom(long seq) {
    int low = forgotten;
    int high = entries.size();
    if (low == high) {
      return high;
    }
    // Seqs rise by one at least: there are at most so many before it, and behind it.
    high = (int) Math.min(high, low + Math.max(0, seq - entries.get(low).seq));
    low = (int) Math.max(low, entries.size() - 1 - Math.max(-1, entries.getLast().seq - seq));
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).seq < seq) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Adds one behind all others. */
  void add(Entry<E> entry) {
    entries.add(entry);
    if (entry.state == State.DONE) {
      done++;
    } else if (entry.failures > 0) {
      failed++;
    }
  }

  void done(Entry<E> entry) {
    entry.state = State.DONE;
    done++;
    if (entry.failures > 0) {
      failed--;
    }
  }

  /** A delivery failed. */
  void failed(Entry<E> entry, String error) {
    if (entry.failures == 0) {
      failed++;
    }
    entry.failures++;
    entry.error = error;
  }

  /** Forgets what is done at its beginning, up to a seq. */
  void popDone(long through) {
    while (done > 0 && first().state == State.DONE && first().seq <= through) {
      forgotten++;
      done--;
    }
    if (forgotten >= FORGOTTEN_MIN && forgotten >= size()) {
      entries.subList(0, forgotten).clear();
      forgotten = 0;
    }
  }

  private Entry<E> first() {
    return entries.get(forgotten);
  }

  /**
   * The seq before the first.
   *
   * @param whenEmpty what to answer when there is none
   */
  long floor(long whenEmpty) {
    return size() == 0 ? whenEmpty : first().seq - 1;
  }

  /** How many failed and are not with anybody. */
  int retrying() {
    int count = 0;
    int toFind = failed;
    for (int index = forgotten; toFind > 0; index++) {
      Entry<E> entry = entries.get(index);
      if (entry.failures > 0 && entry.state != State.DONE) {
        toFind--;
        count += entry.state == State.OUTSTANDING ? 0 : 1;
      }
    }
    return count;
  }

  /** Writes down what is done, and what failed and is not. */
  void describe(List<Stretch> stretches, List<Failure> failures) {
    int toFind = done + failed;
    long from = 0;
    long through = 0;
    for (int index = forgotten; toFind > 0; index++) {
      Entry<E> entry = entries.get(index);
      if (entry.state == State.DONE) {
        from = from == 0 ? entry.seq : from;
        through = entry.seq;
        toFind--;
        continue;
      }
      if (from > 0) {
        stretches.add(new Stretch(from, through));
        from = 0;
      }
      if (entry.failures > 0) {
        failures.add(new Failure(entry.seq, entry.failures, entry.error));
        toFind--;
      }
    }
    if (from > 0) {
      stretches.add(new Stretch(from, through));
    }
  }
}
