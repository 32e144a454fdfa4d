package dev.reactorhub.log;

import static dev.reactorhub.log.Events.PLENTY;
import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.assertBatch;
import static dev.reactorhub.log.Events.channels;
import static dev.reactorhub.log.Events.event;
import static dev.reactorhub.log.Events.ids;
import static dev.reactorhub.log.Events.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.log.LogSettings.Durability;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine of the log must do. */
public abstract class EventLogContract {
  /** Keeps everything, remembers ids for an hour. */
  protected static final LogSettings KEEP_ALL =
      new LogSettings(
          Durability.FSYNC, Duration.ZERO, 0, 0, Duration.ofHours(1), 1_000_000, 1L << 20);

  /** The clock of the log under test. */
  protected final SettableClock clock = new SettableClock();

  private EventLog log;

  /** Opens a new, empty log. */
  protected abstract EventLog open(LogSettings settings);

  /** Has the log apply its retention now. */
  protected abstract void enforceRetention(EventLog opened);

  private static LogSettings retaining(Duration age, long bytes, long events) {
    return new LogSettings(Durability.FSYNC, age, bytes, events, Duration.ZERO, 1, 1L << 20);
  }

  @BeforeEach
  void openLog() {
    log = open(KEEP_ALL);
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  private void reopenWith(LogSettings settings) {
    log.close();
    log = open(settings);
  }

  @Test
  void aNewLogIsEmptyAndHealthy() {
    assertThat(log.range()).isEqualTo(new LogRange(log.range().epoch(), 0, 0));
    assertThat(log.health()).isEqualTo(new LogHealth.Healthy());
    assertThat(log.read(0, EventFilter.ALL, PLENTY))
        .isEqualTo(new ReadResult.Batch(List.of(), 0, 0));
  }

  @Test
  void eventsGetConsecutivePlacesInTheOrderGiven() {
    assertThat(append(log, event("a"), event("b")))
        .containsExactly(new Appended("a", 1, false), new Appended("b", 2, false));
    assertThat(append(log, event("c"))).containsExactly(new Appended("c", 3, false));
    assertThat(log.range().head()).isEqualTo(3);
    assertThat(readAll(log, 0, EventFilter.ALL))
        .extracting(LogRecord::seq)
        .containsExactly(1L, 2L, 3L);
    assertThat(ids(log, 1, EventFilter.ALL)).containsExactly("b", "c");
  }

  @Test
  void anEventComesBackAsItWasGiven() {
    Event full =
        new Event(
            "id-ü-😀",
            new EventType("news.processed"),
            new Channel("news.eu:de"),
            "crawler 7",
            Instant.parse("0001-01-01T00:00:00.000000001Z"),
            Json.ofValidated("{\"title\":\"Größe 😀\"}".getBytes(StandardCharsets.UTF_8)),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    append(log, full, event("plain"));
    assertThat(readAll(log, 0, EventFilter.ALL))
        .containsExactly(
            new LogRecord(1, clock.instant(), full),
            new LogRecord(2, clock.instant(), event("plain")));
  }

  @Test
  void whatTheLogDidIsCounted() {
    reopenWith(
        new LogSettings(Durability.FSYNC, Duration.ZERO, 0, 3, Duration.ofHours(1), 10, 1L << 20));
    append(log, event("a"), event("b"), event("a"));
    append(log, event("b"));
    append(log, event("c"));
    append(log, event("d"), event("e"));
    enforceRetention(log);

    LogFigures figures = log.figures();
    assertThat(figures.commitEvents().snapshot().count()).isEqualTo(3);
    assertThat(figures.commitEvents().snapshot().sum()).isEqualTo(5);
    assertThat(figures.commitNanos().snapshot().count()).isEqualTo(3);
    assertThat(figures.duplicates()).isEqualTo(2);
    assertThat(figures.removed()).isEqualTo(2);
    assertThat(figures.retentionRanAt()).contains(clock.instant());
  }

  @Test
  void anEmptyAppendIsTheCallersBug() {
    assertThatThrownBy(() -> log.append(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void appendsOfOneThreadAreStoredInTheOrderOfTheCalls() {
    List<CompletableFuture<AppendResult>> pending = new ArrayList<>();
    for (int i = 1; i <= 1_000; i++) {
      pending.add(log.append(List.of(event("e" + i))));
    }
    for (int i = 1; i <= 1_000; i++) {
      assertThat(pending.get(i - 1).join())
          .isEqualTo(new AppendResult.Stored(List.of(new Appended("e" + i, i, false))));
    }
  }

  @Test
  void anAppendLargerThanTheBoundOfPendingBytesGoesThrough() {
    reopenWith(new LogSettings(Durability.FSYNC, Duration.ZERO, 0, 0, Duration.ZERO, 1, 1));
    List<CompletableFuture<AppendResult>> pending = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      pending.add(log.append(List.of(event("a" + i), event("b" + i))));
    }
    pending.forEach(CompletableFuture::join);
    assertThat(log.range().head()).isEqualTo(40);
  }

  @Test
  void theSameIdTwiceYieldsTheFirstPlace() {
    append(log, event("x"), event("a"));
    assertThat(append(log, event("b"), event("a"), event("b")))
        .containsExactly(
            new Appended("b", 3, false), new Appended("a", 2, true), new Appended("b", 3, true));
    assertThat(append(log, event("a"))).containsExactly(new Appended("a", 2, true));
    assertThat(ids(log, 0, EventFilter.ALL)).containsExactly("x", "a", "b");
  }

  @Test
  void theSameIdInAppendsThatWaitTogetherIsStoredOnce() {
    List<CompletableFuture<AppendResult>> pending = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      pending.add(log.append(List.of(event("same"))));
    }
    assertThat(pending.getFirst().join())
        .isEqualTo(new AppendResult.Stored(List.of(new Appended("same", 1, false))));
    assertThat(pending.subList(1, 200))
        .allSatisfy(
            result ->
                assertThat(result.join())
                    .isEqualTo(new AppendResult.Stored(List.of(new Appended("same", 1, true)))));
  }

  @Test
  void anIdIsForgottenAfterTheWindow() {
    append(log, event("a"));
    clock.advance(Duration.ofHours(1).minusMillis(1));
    assertThat(append(log, event("a"))).containsExactly(new Appended("a", 1, true));
    clock.advance(Duration.ofMillis(1));
    assertThat(append(log, event("a"))).containsExactly(new Appended("a", 2, false));
    assertThat(append(log, event("a"))).containsExactly(new Appended("a", 2, true));
  }

  @Test
  void onlyTheNewestIdsAreRemembered() {
    reopenWith(
        new LogSettings(Durability.FSYNC, Duration.ZERO, 0, 0, Duration.ofHours(1), 3, 1L << 20));
    append(log, event("a"), event("b"), event("c"));
    assertThat(append(log, event("a"))).containsExactly(new Appended("a", 1, true));
    append(log, event("d"));
    assertThat(append(log, event("b"), event("a")))
        .containsExactly(new Appended("b", 2, true), new Appended("a", 5, false));
    assertThat(append(log, event("b"))).containsExactly(new Appended("b", 6, false));
  }

  @Test
  void anIdStaysKnownWhenRetentionRemovedItsEvent() {
    reopenWith(
        new LogSettings(Durability.FSYNC, Duration.ZERO, 0, 1, Duration.ofHours(1), 100, 1L << 20));
    append(log, event("a"), event("b"));
    enforceRetention(log);
    assertThat(log.range().earliest()).isEqualTo(1);
    assertThat(append(log, event("a"))).containsExactly(new Appended("a", 1, true));
  }

  @Test
  void storedAtNeverDecreases() {
    Instant first = clock.instant();
    append(log, event("a"));
    clock.advance(Duration.ofSeconds(-30));
    append(log, event("b"));
    clock.advance(Duration.ofSeconds(31));
    append(log, event("c"));
    assertThat(readAll(log, 0, EventFilter.ALL))
        .extracting(LogRecord::storedAt)
        .containsExactly(first, first, first.plusSeconds(1));
  }

  @Test
  void aReadYieldsTheChannelsAskedForInLogOrder() {
    append(
        log,
        event("1", "news.eu"),
        event("2", "news"),
        event("3", "news.us"),
        event("4", "news.eu.berlin"),
        event("5", "sport"),
        event("6", "news.eu"),
        event("7", "news.eu-x"));
    assertThat(ids(log, 0, channels("news.eu"))).containsExactly("1", "6");
    assertThat(ids(log, 1, channels("news.eu"))).containsExactly("6");
    assertThat(ids(log, 0, channels("sport", "news.eu", "absent"))).containsExactly("1", "5", "6");
    assertThat(ids(log, 0, channels("news.*"))).containsExactly("1", "3", "6", "7");
    assertThat(ids(log, 0, channels("news.>"))).containsExactly("1", "3", "4", "6", "7");
    assertThat(ids(log, 0, channels("*"))).containsExactly("2", "5");
    assertThat(ids(log, 0, channels("*.*.berlin", "sport", "*"))).containsExactly("2", "4", "5");
    assertThat(ids(log, 0, channels(">"))).containsExactly("1", "2", "3", "4", "5", "6", "7");
    assertThat(ids(log, 0, channels())).isEmpty();
  }

  @Test
  void filtersHoldOverALongLogWithManyChannels() {
    List<Event> events = new ArrayList<>();
    for (int i = 1; i <= 6_000; i++) {
      events.add(event("e" + i, "c" + i % 97 + ".x" + i % 3, i % 2 == 0 ? "even" : "odd"));
    }
    append(log, events.toArray(Event[]::new));
    List<EventFilter> filters =
        List.of(
            channels("c5.x1"),
            channels("c5.x1", "c6.x0", "c90.x2"),
            channels("c5.*"),
            channels("c7.>", "c8.x1"),
            channels("*.x2"),
            channels("c1.x1").withTypes(new TypeRule.Only(Set.of(new EventType("odd")))),
            channels("*.x1").withTypes(new TypeRule.Except(Set.of(new EventType("odd")))));
    for (EventFilter filter : filters) {
      for (long after : new long[] {0, 1, 2_999, 5_900, 5_999}) {
        List<String> expected =
            events.subList((int) after, events.size()).stream()
                .filter(filter::matches)
                .map(Event::id)
                .toList();
        assertThat(ids(log, after, filter)).as("%s after %d", filter, after).isEqualTo(expected);
      }
    }
  }

  @Test
  void aReadYieldsTheTypesAskedFor() {
    append(log, event("1", "c", "a"), event("2", "c", "b"), event("3", "c", "c"));
    EventFilter filter = channels("c");
    assertThat(ids(log, 0, filter.withTypes(new TypeRule.Only(Set.of(new EventType("b"))))))
        .containsExactly("2");
    assertThat(ids(log, 0, filter.withTypes(new TypeRule.Except(Set.of(new EventType("b"))))))
        .containsExactly("1", "3");
    assertThat(ids(log, 0, filter.withTypes(new TypeRule.Only(Set.of())))).isEmpty();
  }

  @Test
  void aReadStopsAtItsLimitsAndGoesOnFromThere() {
    append(log, event("1", "c"), event("2", "d"), event("3", "c"), event("4", "c"));
    assertBatch(log.read(0, channels("c"), new ReadLimit(2, 1L << 20)), 3, 1L, 3L);
    assertBatch(log.read(3, channels("c"), new ReadLimit(2, 1L << 20)), 4, 4L);
  }

  @Test
  void theFirstRecordIsReturnedEvenWhenItIsLargerThanTheLimit() {
    append(log, event("1"), event("2"));
    assertBatch(log.read(0, EventFilter.ALL, new ReadLimit(10, 1)), 1, 1L);
  }

  @Test
  void aReadThatFindsNothingMovesOn() {
    Event[] others =
        LongStream.range(0, 25_000).mapToObj(i -> event("o" + i, "other")).toArray(Event[]::new);
    append(log, others);
    append(log, event("wanted", "c"));
    assertThat(ids(log, 0, channels("c"))).containsExactly("wanted");
    EventFilter rare = EventFilter.ALL.withTypes(new TypeRule.Only(Set.of(new EventType("rare"))));
    ReadResult.Batch first = (ReadResult.Batch) log.read(0, rare, PLENTY);
    assertThat(first.records()).isEmpty();
    assertThat(first.through()).isBetween(1L, 25_000L);
    assertThat(ids(log, 0, rare)).isEmpty();
  }

  @Test
  void aPlaceOutsideTheLogIsTheCallersBug() {
    append(log, event("1"));
    assertThatThrownBy(() -> log.read(-1, EventFilter.ALL, PLENTY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> log.read(2, EventFilter.ALL, PLENTY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("afterSeq is 2: must be 0 to the head 1");
  }

  @Test
  void retentionByEventsRemovesTheOldest() {
    reopenWith(retaining(Duration.ZERO, 0, 3));
    append(log, event("1", "c"), event("2"), event("3"), event("4", "c"), event("5"));
    enforceRetention(log);
    assertThat(log.range()).isEqualTo(new LogRange(log.range().epoch(), 2, 5));
    assertThat(log.read(0, EventFilter.ALL, PLENTY)).isEqualTo(new ReadResult.Trimmed(2));
    assertThat(log.read(1, channels("c"), PLENTY)).isEqualTo(new ReadResult.Trimmed(2));
    assertThat(ids(log, 2, EventFilter.ALL)).containsExactly("3", "4", "5");
    assertThat(ids(log, 2, channels("c"))).containsExactly("4");
  }

  @Test
  void retentionByAgeRemovesWhatIsOlder() {
    reopenWith(retaining(Duration.ofMinutes(10), 0, 0));
    append(log, event("1"));
    clock.advance(Duration.ofMinutes(5));
    append(log, event("2"));
    clock.advance(Duration.ofMinutes(5));
    enforceRetention(log);
    assertThat(log.range().earliest()).isZero();
    clock.advance(Duration.ofMillis(1));
    enforceRetention(log);
    assertThat(log.range().earliest()).isEqualTo(1);
    clock.advance(Duration.ofDays(1));
    enforceRetention(log);
    assertThat(log.range()).isEqualTo(new LogRange(log.range().epoch(), 2, 2));
    assertThat(append(log, event("3"))).containsExactly(new Appended("3", 3, false));
    assertThat(ids(log, 2, EventFilter.ALL)).containsExactly("3");
  }

  @Test
  void retentionByBytesRemovesTheOldest() {
    int size = event("1").sizeBytes();
    reopenWith(retaining(Duration.ZERO, 3L * size, 0));
    append(log, event("1"), event("2"), event("3"));
    enforceRetention(log);
    assertThat(log.range().earliest()).isZero();
    append(log, event("4"), event("5"));
    enforceRetention(log);
    assertThat(log.range().earliest()).isEqualTo(2);
    append(log, event("6"));
    enforceRetention(log);
    assertThat(log.range().earliest()).isEqualTo(3);
    assertThat(ids(log, 3, EventFilter.ALL)).containsExactly("4", "5", "6");
  }

  @Test
  void seqBeforeIsThePlaceAfterWhichAllThatWasStoredSinceStands() {
    final Instant start = clock.instant();
    assertThat(log.seqBefore(start)).isZero();
    append(log, event("1"), event("2"));
    clock.advance(Duration.ofSeconds(10));
    append(log, event("3"));
    assertThat(log.seqBefore(Instant.EPOCH)).isZero();
    assertThat(log.seqBefore(start)).isZero();
    assertThat(log.seqBefore(start.plusMillis(1))).isEqualTo(2);
    assertThat(log.seqBefore(start.plusSeconds(10))).isEqualTo(2);
    assertThat(log.seqBefore(start.plusSeconds(11))).isEqualTo(3);
  }

  @Test
  void theFollowerGetsExactlyWhatComesAfterItsRange() throws InterruptedException {
    int perThread = 2_000;
    List<Thread> publishers = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      publishers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < perThread; i++) {
                      var _ = log.append(List.of(event(name + i)));
                    }
                  }));
    }
    ConcurrentLinkedQueue<LogRecord> followed = new ConcurrentLinkedQueue<>();
    LogRange start = log.follow(followed::addAll);
    for (Thread publisher : publishers) {
      publisher.join();
    }
    append(log, event("last"));
    assertThat(log.range().head()).isEqualTo(3L * perThread + 1);
    assertThat(followed)
        .extracting(LogRecord::seq)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(start.head() + 1, log.range().head()).boxed().toList());
    assertThat(readAll(log, start.head(), EventFilter.ALL)).containsExactlyElementsOf(followed);
  }

  @Test
  void theFollowerHearsBeforeThePublisherAndSeesTheHeadMoved() {
    List<String> heard = new ArrayList<>();
    log.follow(
        records -> heard.add("followed " + records.getLast().seq() + " of " + log.range().head()));
    log.append(List.of(event("1"))).thenAccept(result -> heard.add("answered")).join();
    assertThat(heard).containsExactly("followed 1 of 1", "answered");
  }

  @Test
  void aFollowerIsNotToldOfDuplicates() {
    append(log, event("1"));
    List<LogRecord> followed = new ArrayList<>();
    log.follow(followed::addAll);
    append(log, event("1"));
    append(log, event("2"), event("1"));
    assertThat(followed).extracting(LogRecord::seq).containsExactly(2L);
  }

  @Test
  void aSecondFollowerIsTheCallersBug() {
    log.follow(records -> {});
    assertThatThrownBy(() -> log.follow(records -> {})).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aFollowerThatThrowsStopsTheLogRatherThanMissARecord() {
    log.follow(
        records -> {
          throw new IllegalStateException("broken follower");
        });
    assertThat(append(log, event("1"))).containsExactly(new Appended("1", 1, false));
    assertThat(log.append(List.of(event("2"))).join())
        .isEqualTo(new AppendResult.Refused(AppendResult.Reason.LOG_FAILED));
    assertThat(log.health()).isInstanceOf(LogHealth.Unhealthy.class);
  }

  @Test
  void aReaderNeverSeesAHoleWhileRetentionRuns() throws InterruptedException {
    reopenWith(retaining(Duration.ZERO, 0, 500));
    Thread publisher =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; i < 300; i++) {
                    Event[] batch = new Event[50];
                    for (int k = 0; k < 50; k++) {
                      batch[k] = event(i + "-" + k, k % 2 == 0 ? "c" : "d");
                    }
                    append(log, batch);
                    enforceRetention(log);
                  }
                });
    long after = 0;
    while (publisher.isAlive() || after < log.range().head()) {
      long from = after;
      switch (log.read(after, channels("c", "d"), new ReadLimit(200, 1L << 20))) {
        case ReadResult.Batch(List<LogRecord> records, long through, long _) -> {
          assertThat(records)
              .extracting(LogRecord::seq)
              .containsExactlyElementsOf(
                  LongStream.rangeClosed(from + 1, through).boxed().toList());
          after = through;
        }
        case ReadResult.Trimmed(long earliest) -> {
          assertThat(earliest).isGreaterThan(after);
          after = earliest;
        }
      }
    }
    publisher.join();
  }

  @Test
  void closingFinishesWhatWasTakenAndRefusesTheRest() {
    List<CompletableFuture<AppendResult>> pending = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      pending.add(log.append(List.of(event("e" + i))));
    }
    log.close();
    log.close();
    assertThat(pending).allSatisfy(result -> assertThat(result).isCompleted());
    assertThat(pending)
        .allSatisfy(result -> assertThat(result.join()).isInstanceOf(AppendResult.Stored.class));
    assertThat(log.append(List.of(event("late"))))
        .isCompletedWithValue(new AppendResult.Refused(AppendResult.Reason.LOG_CLOSED));
    assertThat(log.health())
        .isEqualTo(new LogHealth.Unhealthy(AppendResult.Reason.LOG_CLOSED, "the log is closed"));
    assertThatThrownBy(() -> log.read(0, EventFilter.ALL, PLENTY))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theLogsOwnThreadCannotCloseIt() {
    List<Throwable> thrown = new ArrayList<>();
    log.follow(records -> thrown.add(catchThrowable(log::close)));
    append(log, event("1"));
    assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
    append(log, event("2"));
  }

  @Test
  void sizeBytesGrowsWithWhatIsStored() {
    append(log, event("1", "c", "t", "\"" + "x".repeat(100_000) + "\""));
    assertThat(log.sizeBytes()).isGreaterThan(100_000);
  }
}
