package dev.reactorhub.consumer;

import dev.reactorhub.consumer.LedgerState.Failure;
import dev.reactorhub.consumer.LedgerState.Stretch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What was known of events that are read only now. Guarded by the ledger's owner. */
final class RestoredState {
  private final TreeMap<Long, Stretch> done = new TreeMap<>();
  private final TreeMap<Long, Failure> failures = new TreeMap<>();

  RestoredState(LedgerState state) {
    state.done().forEach(stretch -> done.put(stretch.from(), stretch));
    state.failures().forEach(failure -> failures.put(failure.seq(), failure));
  }

  /** Whether an event is done. Seqs are asked for rising. */
  boolean isDone(long seq) {
    Map.Entry<Long, Stretch> before = done.floorEntry(seq);
    if (before == null) {
      return false;
    }
    done.headMap(before.getKey()).clear();
    return seq <= before.getValue().through();
  }

  Optional<Failure> failure(long seq) {
    return Optional.ofNullable(failures.remove(seq));
  }

  /** Adds what concerns events beyond a seq, which were not asked for yet. */
  void addBeyond(long seq, List<Stretch> moreDone, List<Failure> moreFailures) {
    done.values().stream()
        .filter(stretch -> stretch.through() > seq)
        .map(stretch -> new Stretch(Math.max(stretch.from(), seq + 1), stretch.through()))
        .forEach(moreDone::add);
    moreFailures.addAll(failures.tailMap(seq, false).values());
  }
}
