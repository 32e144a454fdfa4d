package dev.reactorhub.history;

import dev.reactorhub.event.Position;
import dev.reactorhub.history.ConsumerMoment.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Holds what the clients of one durable consumer saw against the log that is left. It finds
 *
 * <ul>
 *   <li>an event that the hub counts as dealt with though no client that was given it acknowledged
 *       it, no gap covers it, and it is not among the dead letters (at least once),
 *   <li>an event that was given out again after its acknowledgement was confirmed,
 *   <li>an event that was given out while one before it, in its channel or of an exclusive consumer
 *       in the log, was neither dealt with nor with the same client,
 *   <li>an event with two clients at a time,
 *   <li>attempts that do not rise with the failures, or beyond what was asked for,
 *   <li>an event that was not asked for, is not in the log, or is another there,
 *   <li>a consumer that was forgotten; a dead letter too early or without an error.
 * </ul>
 *
 * <p>What is given out is seen only when it comes. When it was given out is known within bounds:
 * after the newest of the client's acknowledgements that was confirmed before it on the same stream
 * was sent, or after the stream was opened. Only what contradicts the rules wherever it lies within
 * these bounds is a violation.
 */
final class ConsumptionChecker {
  private final FinalLog log;
  private final Consumption consumption;
  private final Consumption.Definition definition;
  private final List<String> violations = new ArrayList<>();
  private final Map<Integer, ConsumerStreamSeen> streams = new HashMap<>();
  private final Map<Long, Confirmation> confirmed = new HashMap<>();
  private final ConsumerHolds holds;
  private final ConsumerAttempts attempts;

  /** What matches and was not acknowledged by anybody: all, and by what is kept in order. */
  private final TreeSet<Long> open = new TreeSet<>();

  private final Map<String, TreeSet<Long>> openInLane = new HashMap<>();
  private Position start;

  /** Where the first stream was told that it is open, since the consumer began; -1: nowhere. */
  private int openedAt = -1;

  private record Confirmation(int index, int stream) {}

  private ConsumptionChecker(Consumption consumption, FinalLog log) {
    this.log = log;
    this.consumption = consumption;
    this.definition = consumption.definition();
    this.holds = new ConsumerHolds(definition, violations);
    this.attempts = new ConsumerAttempts(definition, violations);
    this.start = new Position(log.epoch(), 0);
  }

  /** A sentence each; none when all was as it should be. */
  static List<String> violations(Consumption consumption, FinalLog log) {
    ConsumptionChecker checker = new ConsumptionChecker(consumption, log);
    List<ConsumerMoment> moments = consumption.moments();
    for (int i = 0; i < moments.size(); i++) {
      checker.check(i, moments.get(i));
    }
    checker.checkLetters();
    return checker.violations;
  }

  private void check(int index, ConsumerMoment moment) {
    Now now = new Now(index, moment.nanos());
    holds.expire(now, confirmed::containsKey);
    ConsumerStreamSeen stream =
        streams.computeIfAbsent(moment.stream(), number -> new ConsumerStreamSeen(number, now));
    switch (moment.what()) {
      case What.Opening _ -> holds.opened(stream);
      case What.Opened opened -> checkOpened(index, stream, opened);
      case What.Delivered delivered -> checkDelivered(now, stream, delivered);
      case What.Acknowledging acknowledging -> checkAcknowledging(now, stream, acknowledging);
      case What.Confirmed confirmation -> {
        for (long seq : stream.confirmed(confirmation.ref(), moment.nanos())) {
          confirmed.putIfAbsent(seq, new Confirmation(index, stream.number));
          holds.confirmed(stream, seq, now);
        }
        checkCursor(confirmation.cursor());
      }
      case What.Told told -> checkCursor(told.cursor());
      case What.Rejecting rejecting -> {
        for (long seq : ofThisLog(rejecting.positions())) {
          boolean isThere = holds.isSurelyWith(stream, seq, now, confirmed::containsKey);
          attempts.rejecting(stream, seq, now, isThere);
          stream.rejectedAt.put(seq, index);
          holds.released(stream, lane(log.at(seq)), seq, now);
        }
      }
      case What.Gap(Position from, Position to) -> takeGap(from, to);
      case What.Releasing _ -> {
        stream.isReleased = true;
        holds.left(stream);
      }
      case What.Leaving _ -> holds.left(stream);
      case What.Refused _ -> holds.left(stream);
      case What.Moved _ -> {
        holds.clear();
        attempts.clear();
      }
    }
  }

  private void checkAcknowledging(
      Now now, ConsumerStreamSeen stream, What.Acknowledging acknowledging) {
    Map<Long, Long> untilNanos = new HashMap<>();
    for (long seq : ofThisLog(acknowledging.through())) {
      holds.surelyUntil(stream, seq).ifPresent(until -> untilNanos.put(seq, until));
      dealtWith(seq);
      holds.acknowledged(seq);
    }
    for (long seq : ofThisLog(acknowledging.singly())) {
      untilNanos.put(seq, Long.MAX_VALUE);
      dealtWith(seq);
      holds.acknowledged(seq);
    }
    stream.acknowledging(acknowledging.ref(), now, untilNanos);
  }

  /** A place among what was written down, and its time. */
  record Now(int index, long nanos) {}

  private void checkOpened(int index, ConsumerStreamSeen stream, What.Opened opened) {
    Position cursor = opened.cursor();
    if (openedAt < 0) {
      openedAt = index;
      begin(cursor);
    } else if (opened.isMade() && cursor.epoch().equals(start.epoch())) {
      // Two that open at once are told in any order: one of them made it.
      if (stream.openingAt > openedAt) {
        violations.add(definition.name() + ": was forgotten, and begins at " + cursor);
      }
    } else if (cursor.epoch().equals(log.epoch()) && !cursor.epoch().equals(start.epoch())) {
      openedAt = index;
      begin(cursor);
    }
  }

  /** Everything that matches from here on is to be dealt with. */
  private void begin(Position position) {
    start = position;
    open.clear();
    openInLane.clear();
    if (!position.epoch().equals(log.epoch())) {
      return;
    }
    for (FinalLog.Entry entry : log.entries()) {
      boolean isParked = consumption.letters().containsKey(new Position(log.epoch(), entry.seq()));
      if (entry.seq() > position.seq() && !isParked && definition.filter().test(entry.content())) {
        open.add(entry.seq());
        openInLane.computeIfAbsent(lane(entry.content()), _ -> new TreeSet<>()).add(entry.seq());
      }
    }
  }

  private void takeGap(Position from, Position to) {
    if (!to.epoch().equals(start.epoch())) {
      begin(to);
    } else if (from.epoch().equals(log.epoch())) {
      List.copyOf(open.subSet(from.seq(), false, to.seq(), true)).forEach(this::dealtWith);
    }
  }

  private void dealtWith(long seq) {
    open.remove(seq);
    TreeSet<Long> lane = openInLane.get(lane(log.at(seq)));
    if (lane != null) {
      lane.remove(seq);
    }
  }

  private void checkCursor(Position cursor) {
    if (!cursor.epoch().equals(log.epoch())) {
      return;
    }
    for (long seq : List.copyOf(open.headSet(cursor.seq(), true))) {
      violations.add(
          definition.name() + ": " + seq + " counts as dealt with at " + cursor + ", nobody did");
      dealtWith(seq);
    }
  }

  private void checkDelivered(Now now, ConsumerStreamSeen stream, What.Delivered delivered) {
    Position position = delivered.position();
    if (!position.epoch().equals(log.epoch())) {
      return;
    }
    String who = definition.name() + ", stream " + stream.number + ": ";
    if (!log.holds(position) || !log.at(position.seq()).equals(delivered.content())) {
      violations.add(
          who + "was given " + position + ", in the log no such: " + delivered.content());
      return;
    }
    if (!definition.filter().test(delivered.content())) {
      violations.add(who + "had not asked for " + delivered.content());
      return;
    }
    long seq = position.seq();
    Confirmation earlier = confirmed.get(seq);
    if (earlier != null
        && (earlier.index() < stream.fence().index() || earlier.stream() == stream.number)) {
      violations.add(who + "was given " + seq + " again, whose acknowledgement was confirmed");
    }
    String lane = lane(delivered.content());
    checkOrder(stream, seq, lane);
    holds.given(stream, new ConsumerHolds.Event(seq, lane), now);
    attempts.given(stream, seq, delivered.attempt(), now);
    stream.deliveredAt.put(seq, now.index());
  }

  private void checkOrder(ConsumerStreamSeen stream, long seq, String lane) {
    TreeSet<Long> openHere = openInLane.get(lane);
    if (openHere == null) {
      return;
    }
    for (long earlier : openHere.headSet(seq)) {
      if (!stream.mayHold(earlier)) {
        violations.add(
            definition.name()
                + ", stream "
                + stream.number
                + ": was given "
                + seq
                + " before "
                + earlier
                + " was dealt with");
        return;
      }
    }
  }

  private void checkLetters() {
    consumption
        .letters()
        .forEach(
            (position, letter) -> {
              boolean isInLog = log.holds(position);
              if (isInLog && !definition.filter().test(log.at(position.seq()))) {
                violations.add(definition.name() + ": parked what was not asked for: " + position);
              }
              if (isInLog && !log.at(position.seq()).equals(letter.event())) {
                violations.add(
                    definition.name() + ": parked " + position + " as " + letter.event());
              }
              if (letter.attempts() < definition.limits().attemptsMax()
                  || letter.error().isEmpty()) {
                violations.add(definition.name() + ": parked " + position + " with " + letter);
              }
            });
  }

  private List<Long> ofThisLog(List<Position> positions) {
    return positions.stream().filter(log::holds).map(Position::seq).sorted().toList();
  }

  private String lane(Content content) {
    return definition.isExclusive() ? "" : content.channel();
  }
}
