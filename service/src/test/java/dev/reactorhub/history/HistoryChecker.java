package dev.reactorhub.history;

import dev.reactorhub.event.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Holds what publishers and subscribers saw against the log that is left. It finds
 *
 * <ul>
 *   <li>an acknowledged event that is not in the log, or is another there (G1),
 *   <li>an event of the log that nobody published, that was refused, or that is there twice (G6),
 *   <li>acknowledgements of one publisher out of the order in which it published,
 *   <li>a position that stands for different events, in the log, an acknowledgement or a delivery,
 *   <li>a delivered event that the log does not have (G4),
 *   <li>an event that a subscriber missed, had twice, had out of order or had not asked for, but
 *       for what an announced gap covers (G2, G3),
 *   <li>what a durable consumer should not have seen: {@link ConsumptionChecker} (G12).
 * </ul>
 *
 * <p>Time and memory are linear in what was recorded.
 */
public final class HistoryChecker {
  private final FinalLog log;
  private final List<String> violations = new ArrayList<>();
  private final Map<Position, Content> contentAt = new HashMap<>();

  /** The seqs of the log that a filter wants, ascending: many subscribers may share one. */
  private final IdentityHashMap<Predicate<Content>, long[]> wanted = new IdentityHashMap<>();

  private HistoryChecker(FinalLog log) {
    this.log = log;
  }

  /** A sentence each; none when the history is as the guarantees say. */
  public static List<String> violations(History history, FinalLog log) {
    HistoryChecker checker = new HistoryChecker(log);
    checker.checkLog();
    if (checker.violations.isEmpty()) {
      // What follows finds a seq by its distance from the first.
      checker.checkPublishers(history);
      history.subscribers().forEach(checker::checkSubscriber);
      history
          .consumptions()
          .forEach(each -> checker.violations.addAll(ConsumptionChecker.violations(each, log)));
    }
    return checker.violations;
  }

  /** How many acknowledged events the log does not have, whichever epoch acknowledged them. */
  public static long lost(History history, FinalLog log) {
    Set<String> stored = new HashSet<>();
    log.entries().forEach(entry -> stored.add(entry.content().id()));
    return history.publishers().stream()
        .flatMap(publisher -> publisher.publishes().stream())
        .filter(publish -> publish.outcome() instanceof Outcome.Acknowledged)
        .map(publish -> publish.content().id())
        .distinct()
        .filter(id -> !stored.contains(id))
        .count();
  }

  private void checkLog() {
    Map<String, Long> seqOfId = new HashMap<>();
    long expected = log.firstSeq();
    for (FinalLog.Entry entry : log.entries()) {
      if (entry.seq() != expected) {
        violations.add("the log has " + entry.seq() + " where " + expected + " is due");
      }
      expected = entry.seq() + 1;
      contentAt.put(new Position(log.epoch(), entry.seq()), entry.content());
      Long earlier = seqOfId.putIfAbsent(entry.content().id(), entry.seq());
      if (earlier != null) {
        violations.add(
            "the log has " + entry.content().id() + " at " + earlier + " and at " + entry.seq());
      }
    }
  }

  private void checkPublishers(History history) {
    Map<String, Content> published = new HashMap<>();
    Map<String, String> refused = new HashMap<>();
    Set<String> maybeStored = new HashSet<>();
    for (Publisher publisher : history.publishers()) {
      long newest = 0;
      for (Publisher.Publish publish : publisher.publishes()) {
        String id = publish.content().id();
        published.put(id, publish.content());
        switch (publish.outcome()) {
          case Outcome.Acknowledged acknowledged -> {
            maybeStored.add(id);
            checkAcknowledged(publisher, publish.content(), acknowledged);
            newest = checkOrder(publisher, acknowledged, newest);
          }
          case Outcome.Refused(String code) -> refused.put(id, publisher.name() + ", " + code);
          case Outcome.Unknown _ -> maybeStored.add(id);
        }
      }
    }
    for (FinalLog.Entry entry : log.entries()) {
      Content content = entry.content();
      if (!content.equals(published.get(content.id())) && !log.ownEvents().test(content)) {
        violations.add("the log has at " + entry.seq() + " what nobody published: " + content);
      }
      if (refused.containsKey(content.id()) && !maybeStored.contains(content.id())) {
        violations.add(
            "the log has at " + entry.seq() + " what was refused: " + refused.get(content.id()));
      }
    }
  }

  private void checkAcknowledged(Publisher by, Content content, Outcome.Acknowledged answer) {
    checkContent(by.name(), answer.position(), content);
    if (answer.position().epoch().equals(log.epoch())
        && answer.position().seq() >= log.firstSeq()
        && !log.holds(answer.position())) {
      violations.add(
          by.name() + ": acknowledged at " + answer.position() + ", lost: " + content.id());
    }
  }

  /** The newest seq so far; a duplicate's belongs to an earlier publish. */
  private long checkOrder(Publisher by, Outcome.Acknowledged answer, long newest) {
    if (answer.isDuplicate() || !answer.position().epoch().equals(log.epoch())) {
      return newest;
    }
    long seq = answer.position().seq();
    if (seq <= newest) {
      violations.add(by.name() + ": acknowledged at " + seq + " after " + newest);
    }
    return seq;
  }

  private void checkSubscriber(Subscriber subscriber) {
    Position cursor = subscriber.start();
    for (Observation observation : subscriber.observations()) {
      switch (observation) {
        case Observation.Delivered(Position position, Content content) -> {
          checkDelivered(subscriber, position, content);
          if (isForward(subscriber, cursor, position, true)) {
            checkNothingMissed(subscriber, cursor, position.seq() - 1);
          }
          cursor = position;
        }
        case Observation.Moved(Position position) -> {
          if (isForward(subscriber, cursor, position, false)) {
            checkNothingMissed(subscriber, cursor, position.seq());
          }
          cursor = position;
        }
        case Observation.Gap(Position from, Position to) -> {
          if (!from.equals(cursor)) {
            violations.add(
                subscriber.name() + ": at " + cursor + " a gap was announced from " + from);
          }
          cursor = to;
        }
      }
    }
  }

  private void checkDelivered(Subscriber subscriber, Position position, Content content) {
    checkContent(subscriber.name(), position, content);
    if (!subscriber.wants(content)) {
      violations.add(subscriber.name() + ": had not asked for " + content);
    }
    if (position.epoch().equals(log.epoch()) && position.seq() > log.lastSeq()) {
      violations.add(
          subscriber.name() + ": was given " + position + ", not in the log: " + content.id());
    }
  }

  private void checkContent(String by, Position position, Content content) {
    Content known = contentAt.putIfAbsent(position, content);
    if (known != null && !known.equals(content)) {
      violations.add(by + ": " + position + " is " + content + ", elsewhere " + known);
    }
  }

  private boolean isForward(Subscriber by, Position cursor, Position to, boolean isEvent) {
    if (!to.epoch().equals(cursor.epoch())) {
      violations.add(by.name() + ": from " + cursor + " to " + to + " without a gap");
      return false;
    }
    boolean isForward = isEvent ? to.seq() > cursor.seq() : to.seq() >= cursor.seq();
    if (!isForward) {
      violations.add(by.name() + ": " + to + " came after " + cursor);
    }
    return isForward;
  }

  /** Nothing that the subscriber asked for lies in the log after the cursor and up to the last. */
  private void checkNothingMissed(Subscriber by, Position cursor, long last) {
    if (!cursor.epoch().equals(log.epoch())) {
      return;
    }
    long[] seqs = wanted.computeIfAbsent(by.filter(), this::wanted);
    int found = Arrays.binarySearch(seqs, cursor.seq() + 1);
    for (int i = found < 0 ? -found - 1 : found; i < seqs.length && seqs[i] <= last; i++) {
      violations.add(by.name() + ": missed " + seqs[i] + ", between " + cursor + " and " + last);
    }
  }

  private long[] wanted(Predicate<Content> filter) {
    return log.entries().stream()
        .filter(entry -> filter.test(entry.content()))
        .mapToLong(FinalLog.Entry::seq)
        .toArray();
  }
}
