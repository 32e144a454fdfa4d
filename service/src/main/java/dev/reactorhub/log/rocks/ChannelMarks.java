package dev.reactorhub.log.rocks;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.reactorhub.log.ChannelRetentionSettings;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.rocks.v1.StoredMarks;
import dev.reactorhub.log.rocks.v1.StoredRule;
import java.util.List;

/** How far channel retention has come, and what it knows of what is kept. One thread at a time. */
final class ChannelMarks {
  private final List<ChannelRetentionSettings> rules;
  private final Mark[] marks;
  private long countedThrough;
  private long removedEvents;
  private long removedBytes;

  /** One rule's mark. */
  static final class Mark {
    /** No event of the rule is kept at or before this seq. */
    long removedThrough;

    /** Events of the rule from there to what was counted. */
    long keptEvents;

    long keptBytes;
  }

  private ChannelMarks(List<ChannelRetentionSettings> rules, long earliest) {
    this.rules = rules;
    this.countedThrough = earliest;
    this.marks = new Mark[rules.size()];
    for (int i = 0; i < marks.length; i++) {
      marks[i] = new Mark();
      marks[i].removedThrough = earliest;
    }
  }

  /** Goes on with what was stored; counts anew when the patterns have changed. */
  static ChannelMarks of(byte[] stored, List<ChannelRetentionSettings> rules, LogRange range) {
    StoredMarks before = parse(stored);
    ChannelMarks marks = new ChannelMarks(rules, range.earliest());
    marks.removedEvents = before.getRemovedEvents();
    marks.removedBytes = before.getRemovedBytes();
    List<String> patterns = before.getRulesList().stream().map(StoredRule::getPattern).toList();
    boolean isCurrent =
        before.getCountedThrough() >= range.earliest()
            && before.getCountedThrough() <= range.head()
            && patterns.equals(rules.stream().map(rule -> rule.pattern().value()).toList());
    if (isCurrent) {
      marks.countedThrough = before.getCountedThrough();
      for (int i = 0; i < rules.size(); i++) {
        StoredRule rule = before.getRules(i);
        marks.marks[i].removedThrough = rule.getRemovedThrough();
        marks.marks[i].keptEvents = rule.getKeptEvents();
        marks.marks[i].keptBytes = rule.getKeptBytes();
      }
    }
    return marks;
  }

  private static StoredMarks parse(byte[] stored) {
    try {
      return StoredMarks.parseFrom(stored);
    } catch (InvalidProtocolBufferException e) {
      throw new LogFailedException("the marks of retention are damaged: restore the log", e);
    }
  }

  /** Of what was stored: the events that rules removed since the log's beginning. */
  static long removedEvents(byte[] stored) {
    return parse(stored).getRemovedEvents();
  }

  byte[] stored() {
    StoredMarks.Builder stored =
        StoredMarks.newBuilder()
            .setCountedThrough(countedThrough)
            .setRemovedEvents(removedEvents)
            .setRemovedBytes(removedBytes);
    for (int i = 0; i < marks.length; i++) {
      stored.addRules(
          StoredRule.newBuilder()
              .setPattern(rules.get(i).pattern().value())
              .setRemovedThrough(marks[i].removedThrough)
              .setKeptEvents(marks[i].keptEvents)
              .setKeptBytes(marks[i].keptBytes));
    }
    return stored.build().toByteArray();
  }

  /** Everything up to here was counted. */
  long countedThrough() {
    return countedThrough;
  }

  /** Events that rules removed since the log's beginning, and their bytes. */
  long removedEvents() {
    return removedEvents;
  }

  long removedBytes() {
    return removedBytes;
  }

  Mark mark(int rule) {
    return marks[rule];
  }

  /** Everything up to here is counted now. */
  void countedThrough(long seq) {
    countedThrough = seq;
  }

  /** Counts a record of a rule, or of none. */
  void counted(int rule, long bytes) {
    if (rule >= 0) {
      marks[rule].keptEvents++;
      marks[rule].keptBytes += bytes;
    }
  }

  /** A record of a rule is removed by it. */
  void removed(int rule, long bytes) {
    uncounted(rule, bytes);
    removedEvents++;
    removedBytes += bytes;
  }

  /** A record that was counted goes with the beginning of the log. */
  void uncounted(int rule, long bytes) {
    marks[rule].keptEvents--;
    marks[rule].keptBytes -= bytes;
  }

  /** A record that a rule had removed goes with the beginning of the log. */
  void forgotten(long bytes) {
    removedEvents--;
    removedBytes -= bytes;
  }

  /** The log begins after this seq. */
  void begin(long earliest) {
    countedThrough = Math.max(countedThrough, earliest);
    for (Mark mark : marks) {
      mark.removedThrough = Math.max(mark.removedThrough, earliest);
    }
  }
}
