package dev.reactorhub.hub;

import java.util.List;

/**
 * Events of one lane that follow a place, shared by all subscriptions that stand there.
 *
 * @param afterSeq the place
 * @param events in log order, maybe none
 * @param isAll nothing of the lane followed them when they were gathered
 */
public record LiveRun(Lane lane, long afterSeq, List<EncodedEvent> events, boolean isAll) {
  /** True when this run is what follows a seq. */
  boolean follows(long seq) {
    return seq >= afterSeq && seq < events.getFirst().seq();
  }

  long lastSeq() {
    return events.getLast().seq();
  }
}
