package dev.reactorhub.consumer;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** One event between the cursor and the newest that was read. Guarded by the ledger's owner. */
final class Entry<E> {
  final long seq;
  final Lane<E> lane;
  final int bytes;

  /** Null: given out, dealt with, or to be read again. */
  @Nullable E event;

  State state = State.WAITING;

  /** True once it was given to anybody. */
  boolean wasGiven;

  /** Deliveries that failed. */
  int failures;

  /** Why the newest of them did. */
  String error = "";

  /** Who has it while it is outstanding. */
  @Nullable Holder<E> holder;

  /** Its neighbours in the lane; null: it is done, or there is none. */
  @Nullable Entry<E> previous;

  @Nullable Entry<E> following;

  /** A position from here on, told to the holder, was told after the event was given to it. */
  long coveredFrom;

  /** By the monotonic clock; of meaning while it is outstanding. */
  long deadlineNanos;

  Entry(long seq, Lane<E> lane, int bytes, E event) {
    this.seq = seq;
    this.lane = lane;
    this.bytes = bytes;
    this.event = event;
  }

  /**
   * Whether a holder that speaks of everything up to a seq means this one. If it was told the seq
   * before it was given this, this may be on its way, unseen. But for one of the same lane: it had
   * this before, or it could not have been given the other.
   *
   * @param last the event of the seq; null: it is done, or there is none
   */
  boolean isCoveredBy(long through, @Nullable Entry<E> last) {
    return coveredFrom <= through || (last != null && last.lane == lane);
  }

  /** Who has it, of one that is outstanding. */
  Holder<E> requireHolder() {
    return requireNonNull(holder, "an outstanding event has a holder");
  }

  /** Where an event stands. */
  enum State {
    /** To be given out. */
    WAITING,
    /** Given out. */
    OUTSTANDING,
    /** Failed too often; on its way to the dead letters. */
    PARKING,
    /** Acknowledged, or parked. */
    DONE
  }
}
