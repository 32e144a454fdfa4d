package dev.reactorhub.consumer;

import dev.reactorhub.consumer.Entry.State;
import dev.reactorhub.consumer.LedgerState.Failure;
import dev.reactorhub.consumer.LedgerState.Stretch;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events from the cursor on, in log order. Guarded by the ledger's owner. */
final class Window<E> {
  private final ArrayDeque<Entry<E>> all = new ArrayDeque<>();

  /** Those that are not done. */
  private final Map<Long, Entry<E>> open = new HashMap<>();

  /** All of them, those that are done included. */
  int size() {
    return all.size();
  }

  /** Those that are not done. */
  int open() {
    return open.size();
  }

  /** One that is not done; null: there is none of this seq. */
  @Nullable Entry<E> get(long seq) {
    return open.get(seq);
  }

  Iterable<Entry<E>> all() {
    return all;
  }

  /** Adds one behind all others. */
  void add(Entry<E> entry) {
    all.add(entry);
    if (entry.state != State.DONE) {
      open.put(entry.seq, entry);
    }
  }

  void done(Entry<E> entry) {
    entry.state = State.DONE;
    open.remove(entry.seq);
  }

  /** Forgets what is done at its beginning, up to a seq. */
  void popDone(long through) {
    while (!all.isEmpty() && all.getFirst().state == State.DONE && all.getFirst().seq <= through) {
      all.removeFirst();
    }
  }

  /**
   * The seq before the first.
   *
   * @param whenEmpty what to answer when there is none
   */
  long floor(long whenEmpty) {
    return all.isEmpty() ? whenEmpty : all.getFirst().seq - 1;
  }

  /** How many failed and are not with anybody. */
  int retrying() {
    int count = 0;
    for (Entry<E> entry : open.values()) {
      if (entry.failures > 0 && entry.state != State.OUTSTANDING) {
        count++;
      }
    }
    return count;
  }

  /** Writes down what is done, and what failed and is not. */
  void describe(List<Stretch> done, List<Failure> failures) {
    long from = 0;
    long through = 0;
    for (Entry<E> entry : all) {
      if (entry.state == State.DONE) {
        from = from == 0 ? entry.seq : from;
        through = entry.seq;
        continue;
      }
      if (from > 0) {
        done.add(new Stretch(from, through));
        from = 0;
      }
      if (entry.failures > 0) {
        failures.add(new Failure(entry.seq, entry.failures, entry.error));
      }
    }
    if (from > 0) {
      done.add(new Stretch(from, through));
    }
  }
}
