package dev.reactorhub.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is known of one stream of a consumer at one point of what was written down. */
final class ConsumerStreamSeen {
  final int number;

  /** Where it was about to be opened. */
  final int openingAt;

  /** It is being ended: what comes may be with others already. */
  boolean isReleased;

  /** By seq, where it was delivered last. */
  final Map<Long, Integer> deliveredAt = new HashMap<>();

  /** By seq, where it was rejected last. */
  final Map<Long, Integer> rejectedAt = new HashMap<>();

  private final TreeMap<Long, Sent> unconfirmed = new TreeMap<>();
  private ConsumptionChecker.Now fence;

  /**
   * An acknowledgement.
   *
   * @param untilNanos by seq, it holds if it was heard before
   */
  private record Sent(ConsumptionChecker.Now at, Map<Long, Long> untilNanos) {}

  ConsumerStreamSeen(int number, ConsumptionChecker.Now opening) {
    this.number = number;
    this.openingAt = opening.index();
    this.fence = opening;
  }

  /** What is delivered now was given out after this. */
  ConsumptionChecker.Now fence() {
    return fence;
  }

  void acknowledging(long ref, ConsumptionChecker.Now now, Map<Long, Long> untilNanos) {
    unconfirmed.put(ref, new Sent(now, untilNanos));
  }

  /** The seqs that are durable now. */
  List<Long> confirmed(long ref, long nanos) {
    var sent = unconfirmed.headMap(ref, true);
    List<Long> seqs = new ArrayList<>();
    for (Sent each : sent.values()) {
      fence = each.at();
      each.untilNanos()
          .forEach(
              (seq, until) -> {
                if (nanos < until) {
                  seqs.add(seq);
                }
              });
    }
    sent.clear();
    return seqs;
  }

  /** False when it was never given the event, or gave it back, which the hub heard before now. */
  boolean mayHold(long seq) {
    Integer delivered = deliveredAt.get(seq);
    if (delivered == null) {
      return false;
    }
    int rejected = rejectedAt.getOrDefault(seq, -1);
    return rejected < delivered || rejected > fence.index();
  }
}
