package dev.reactorhub.history;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Position;
import java.util.List;
import java.util.function.Predicate;

/**
 * The log as it was read in the end, whole.
 *
 * @param entries in the order in which they were read
 * @param ownEvents which events the hub writes by itself, published by nobody
 */
public record FinalLog(Epoch epoch, List<Entry> entries, Predicate<Content> ownEvents) {
  public FinalLog {
    entries = List.copyOf(entries);
  }

  /** One event of the log. */
  public record Entry(long seq, Content content) {}

  boolean holds(Position position) {
    return position.epoch().equals(epoch)
        && position.seq() >= firstSeq()
        && position.seq() <= lastSeq();
  }

  Content at(long seq) {
    return entries.get((int) (seq - firstSeq())).content();
  }

  long firstSeq() {
    return entries.isEmpty() ? 1 : entries.getFirst().seq();
  }

  long lastSeq() {
    return entries.isEmpty() ? 0 : entries.getLast().seq();
  }
}
