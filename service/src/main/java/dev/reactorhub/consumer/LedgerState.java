package dev.reactorhub.consumer;

import java.util.List;

/**
 * What outlives a ledger.
 *
 * @param floor every matching event up to here is dealt with
 * @param done stretches beyond it of which every matching event is dealt with, rising
 * @param failures what failed beyond it and is not dealt with, by seq
 */
record LedgerState(long floor, List<Stretch> done, List<Failure> failures) {
  LedgerState {
    done = List.copyOf(done);
    failures = List.copyOf(failures);
  }

  /** Nothing but a place. */
  static LedgerState at(long floor) {
    return new LedgerState(floor, List.of(), List.of());
  }

  /** Seqs in a row, both ends included. */
  record Stretch(long from, long through) {}

  /** How often the deliveries of an event failed, and why the newest did. */
  record Failure(long seq, int count, String error) {}
}
