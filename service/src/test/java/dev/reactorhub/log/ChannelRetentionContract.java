package dev.reactorhub.log;

import static dev.reactorhub.log.Events.PLENTY;
import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.channels;
import static dev.reactorhub.log.Events.event;
import static dev.reactorhub.log.Events.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.log.LogSettings.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine of the log must do with rules for channels. */
public abstract class ChannelRetentionContract {
  /** The clock of the log under test. */
  protected final SettableClock clock = new SettableClock();

  private EventLog log;

  /** Opens a new, empty log. */
  protected abstract EventLog open(LogSettings settings);

  /** Has the log apply its retention now. */
  protected abstract void enforceRetention(EventLog opened);

  /** A rule by age. */
  protected static ChannelRetentionSettings byAge(String pattern, Duration age) {
    return new ChannelRetentionSettings(new ChannelPattern(pattern), age, 0, 0);
  }

  /** A rule by bytes. */
  protected static ChannelRetentionSettings byBytes(String pattern, long bytes) {
    return new ChannelRetentionSettings(new ChannelPattern(pattern), Duration.ZERO, bytes, 0);
  }

  /** A rule by number. */
  protected static ChannelRetentionSettings byEvents(String pattern, long events) {
    return new ChannelRetentionSettings(new ChannelPattern(pattern), Duration.ZERO, 0, events);
  }

  /** Keeps the log whole but for these rules. */
  protected static LogSettings keeping(ChannelRetentionSettings... rules) {
    return bounded(0, 0, rules);
  }

  private static LogSettings bounded(long bytes, long events, ChannelRetentionSettings... rules) {
    return new LogSettings(
            Durability.FSYNC, Duration.ZERO, bytes, events, Duration.ofHours(1), 100, 1L << 20)
        .withChannelRetention(List.of(rules));
  }

  @BeforeEach
  void openLog() {
    log = open(keeping());
  }

  private void openWith(LogSettings settings) {
    log.close();
    log = open(settings);
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  private List<String> kept() {
    return ids(log, log.range().earliest(), EventFilter.ALL);
  }

  private long removedThrough(long after, EventFilter filter) {
    return ((ReadResult.Batch) log.read(after, filter, PLENTY)).removedThrough();
  }

  @Test
  void whatARuleRemovedIsCountedOnceAlsoWhenTheLogsOwnBoundReachesIt() {
    openWith(bounded(0, 3, byEvents("brief", 1)));
    append(log, event("a", "brief"), event("b", "brief"), event("c"), event("d"));
    enforceRetention(log);
    assertThat(log.figures().removed()).isEqualTo(1);

    append(log, event("e"), event("f"));
    enforceRetention(log);
    assertThat(log.range().earliest()).isEqualTo(3);
    assertThat(log.figures().removed()).isEqualTo(3);
  }

  @Test
  void aRuleByEventsRemovesTheOldestOfItsChannelsTogether() {
    openWith(keeping(byEvents("chat.*", 2)));
    append(
        log,
        event("1", "chat.a"),
        event("2"),
        event("3", "chat.b"),
        event("4", "chat.a"),
        event("5", "news"),
        event("6", "chat.a.deep"),
        event("7", "chat.b"));
    enforceRetention(log);
    assertThat(kept()).containsExactly("2", "4", "5", "6", "7");
    assertThat(ids(log, 0, channels("chat.a"))).containsExactly("4");
    assertThat(ids(log, 0, channels("chat.*"))).containsExactly("4", "7");
    assertThat(log.range()).isEqualTo(new LogRange(log.range().epoch(), 0, 7));
    append(log, event("8", "chat.b"));
    enforceRetention(log);
    assertThat(kept()).containsExactly("2", "5", "6", "7", "8");
  }

  @Test
  void aRuleByAgeRemovesWhatIsOlder() {
    openWith(keeping(byAge("chat", Duration.ofMinutes(10))));
    append(log, event("1", "chat"), event("2"));
    clock.advance(Duration.ofMinutes(5));
    append(log, event("3", "chat"));
    clock.advance(Duration.ofMinutes(5));
    enforceRetention(log);
    assertThat(kept()).containsExactly("1", "2", "3");
    clock.advance(Duration.ofMillis(1));
    enforceRetention(log);
    assertThat(kept()).containsExactly("2", "3");
    clock.advance(Duration.ofDays(1));
    enforceRetention(log);
    assertThat(kept()).containsExactly("2");
    assertThat(append(log, event("4", "chat"))).containsExactly(new Appended("4", 4, false));
    assertThat(kept()).containsExactly("2", "4");
  }

  @Test
  void aRuleByBytesRemovesTheOldest() {
    int size = event("1", "chat").sizeBytes();
    openWith(keeping(byBytes("chat", 3L * size)));
    append(log, event("1", "chat"), event("2", "chat"), event("3", "chat"), event("4"));
    enforceRetention(log);
    assertThat(kept()).containsExactly("1", "2", "3", "4");
    append(log, event("5", "chat"), event("6", "chat"));
    enforceRetention(log);
    assertThat(kept()).containsExactly("3", "4", "5", "6");
  }

  @Test
  void theFirstRuleThatMatchesHolds() {
    openWith(keeping(byEvents("a.keep", 3), byEvents("a.*", 1), byEvents(">", 2)));
    append(
        log,
        event("1", "a.keep"),
        event("2", "a.x"),
        event("3", "b"),
        event("4", "a.keep"),
        event("5", "a.y"),
        event("6", "c"),
        event("7", "a.keep"),
        event("8", "b"));
    enforceRetention(log);
    assertThat(kept()).containsExactly("1", "4", "5", "6", "7", "8");
  }

  @Test
  void aReadTellsTheNewestRemovedEventThatItsFilterWants() {
    openWith(keeping(byEvents("chat.>", 1)));
    append(
        log,
        event("1", "chat.a", "x"),
        event("2", "chat.b", "y"),
        event("3"),
        event("4", "chat.a", "y"));
    assertThat(removedThrough(0, EventFilter.ALL)).isZero();
    enforceRetention(log);
    assertThat(removedThrough(0, EventFilter.ALL)).isEqualTo(2);
    assertThat(removedThrough(1, EventFilter.ALL)).isEqualTo(2);
    assertThat(removedThrough(2, EventFilter.ALL)).isZero();
    assertThat(removedThrough(0, channels("chat.a"))).isEqualTo(1);
    assertThat(removedThrough(1, channels("chat.a"))).isZero();
    assertThat(removedThrough(0, channels("chat.*"))).isEqualTo(2);
    assertThat(removedThrough(0, channels("default", "chat", "chat.aa"))).isZero();
    EventFilter onlyX = EventFilter.ALL.withTypes(new TypeRule.Only(Set.of(new EventType("x"))));
    assertThat(removedThrough(0, onlyX)).isEqualTo(1);
    assertThat(removedThrough(1, onlyX)).isZero();
  }

  @Test
  void aReadGetsToTheEndThoughTheNewestEventsWereRemoved() {
    openWith(keeping(byAge("chat", Duration.ofMinutes(1))));
    append(log, event("1"), event("2", "chat"), event("3", "chat"));
    clock.advance(Duration.ofHours(1));
    enforceRetention(log);
    assertThat(log.read(0, EventFilter.ALL, PLENTY))
        .isInstanceOfSatisfying(
            ReadResult.Batch.class,
            batch -> {
              assertThat(batch.records()).extracting(LogRecord::seq).containsExactly(1L);
              assertThat(batch.through()).isEqualTo(3);
              assertThat(batch.removedThrough()).isEqualTo(3);
            });
  }

  @Test
  void theIdOfARemovedEventStaysKnown() {
    openWith(keeping(byEvents("chat", 1)));
    append(log, event("a", "chat"), event("b", "chat"));
    enforceRetention(log);
    assertThat(append(log, event("a", "chat"))).containsExactly(new Appended("a", 1, true));
    assertThat(kept()).containsExactly("b");
  }

  @Test
  void theBoundsOfTheWholeLogCountWhatIsKept() {
    int size = event("1", "chat").sizeBytes();
    openWith(bounded(0, 4, byEvents("chat", 1)));
    append(log, event("1", "chat"), event("2"), event("3", "chat"), event("4"), event("5"));
    enforceRetention(log);
    append(log, event("6", "chat"));
    enforceRetention(log);
    assertThat(kept()).containsExactly("2", "4", "5", "6");
    append(log, event("7"));
    enforceRetention(log);
    assertThat(kept()).containsExactly("4", "5", "6", "7");
    assertThat(log.range().earliest()).isEqualTo(2);

    openWith(bounded(4L * size, 0, byEvents("chat", 1)));
    append(log, event("1", "chat"), event("2", "news"), event("3", "chat"), event("4", "news"));
    append(log, event("5", "news"));
    enforceRetention(log);
    append(log, event("6", "chat"));
    enforceRetention(log);
    assertThat(kept()).containsExactly("2", "4", "5", "6");
    append(log, event("7", "chat"), event("8", "news"));
    enforceRetention(log);
    assertThat(kept()).containsExactly("4", "5", "7", "8");
  }

  @Test
  void aRuleGoesOnCountingWhenTheLogsBeginningPassesItsEvents() {
    openWith(bounded(0, 6, byEvents("chat", 3)));
    for (int i = 1; i <= 40; i++) {
      append(log, event("e" + i, i % 4 == 0 ? "chat" : "default"));
      enforceRetention(log);
    }
    assertThat(kept()).containsExactly("e35", "e36", "e37", "e38", "e39", "e40");
    append(log, event("f1", "chat"), event("f2", "chat"), event("f3", "chat"));
    enforceRetention(log);
    assertThat(kept()).containsExactly("e37", "e38", "e39", "f1", "f2", "f3");
    assertThat(removedThrough(log.range().earliest(), channels("chat"))).isEqualTo(40);
  }

  @Test
  void aReaderIsNeverShownAHoleThatIsNotTold() throws InterruptedException {
    openWith(keeping(byEvents("c", 300)));
    Thread publisher =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    appendFifty(i);
                    enforceRetention(log);
                  }
                });
    long after = 0;
    List<Long> missing = new ArrayList<>();
    while (publisher.isAlive() || after < log.range().head()) {
      ReadResult.Batch batch =
          (ReadResult.Batch) log.read(after, channels("c", "d"), new ReadLimit(70, 1L << 20));
      long expected = after + 1;
      for (LogRecord record : batch.records()) {
        for (; expected < record.seq(); expected++) {
          missing.add(expected);
        }
        expected++;
      }
      for (; expected <= batch.through(); expected++) {
        missing.add(expected);
      }
      assertThat(missing).allSatisfy(seq -> assertThat(seq % 2).isEqualTo(1));
      assertThat(missing)
          .allSatisfy(s -> assertThat(s).isLessThanOrEqualTo(batch.removedThrough()));
      missing.clear();
      after = batch.through();
    }
    publisher.join();
  }

  /** Appends a batch whose odd seqs are on channel c. */
  private void appendFifty(int round) {
    Event[] batch = new Event[50];
    for (int k = 0; k < 50; k++) {
      batch[k] = event(round + "-" + k, k % 2 == 0 ? "c" : "d");
    }
    append(log, batch);
  }
}
