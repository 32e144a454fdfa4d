package dev.reactorhub.log.rocks;

import static dev.reactorhub.log.Events.PLENTY;
import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.channels;
import static dev.reactorhub.log.Events.event;
import static dev.reactorhub.log.Events.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.log.Appended;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.LogSettings.Durability;
import dev.reactorhub.log.ReadResult;
import dev.reactorhub.log.SettableClock;
import dev.reactorhub.log.StoredFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksRestartTest {
  private static final LogSettings FSYNC = settings(Durability.FSYNC, 0);
  private static final LogSettings OS = settings(Durability.OS, 0);

  @TempDir Path root;
  private final SettableClock clock = new SettableClock();

  private static LogSettings settings(Durability durability, long retentionEvents) {
    return new LogSettings(
        durability, Duration.ZERO, 0, retentionEvents, Duration.ofHours(1), 1_000, 1L << 20);
  }

  @Test
  void positionsIdsAndTheEpochSurviveARestart() {
    Path directory = root.resolve("log");
    LogRange before;
    try (EventLog log = RocksEventLog.open(directory, FSYNC, clock)) {
      append(log, event("a", "c"), event("b", "d"), event("c", "c"));
      before = log.range();
    }
    try (EventLog log = RocksEventLog.open(directory, FSYNC, clock)) {
      assertThat(log.range()).isEqualTo(before);
      assertThat(ids(log, 0, channels("c"))).containsExactly("a", "c");
      assertThat(append(log, event("b"), event("d")))
          .containsExactly(new Appended("b", 2, true), new Appended("d", 4, false));
    }
  }

  @Test
  void storedAtDoesNotDecreaseOverARestart() {
    final Instant first = clock.instant();
    try (EventLog log = RocksEventLog.open(root, FSYNC, clock)) {
      append(log, event("a"));
    }
    clock.advance(Duration.ofDays(-1));
    try (EventLog log = RocksEventLog.open(root, FSYNC, clock)) {
      append(log, event("b"));
      assertThat(log.read(1, EventFilter.ALL, PLENTY))
          .isInstanceOfSatisfying(
              ReadResult.Batch.class,
              batch ->
                  assertThat(batch.records())
                      .extracting(LogRecord::storedAt)
                      .containsExactly(first));
    }
  }

  @Test
  void whatRetentionRemovedStaysRemoved() {
    try (RocksEventLog log = RocksEventLog.open(root, settings(Durability.FSYNC, 2), clock)) {
      append(log, event("a"), event("b"), event("c"));
      log.enforceRetention();
    }
    try (EventLog log = RocksEventLog.open(root, FSYNC, clock)) {
      assertThat(log.range().earliest()).isEqualTo(1);
      assertThat(log.read(0, EventFilter.ALL, PLENTY)).isEqualTo(new ReadResult.Trimmed(1));
      assertThat(ids(log, 1, EventFilter.ALL)).containsExactly("b", "c");
    }
  }

  @Test
  void placesAreNotGivenOutAgainWhenEveryRecordWasRemoved() {
    LogSettings aDay =
        new LogSettings(
            Durability.FSYNC, Duration.ofDays(1), 1L << 20, 0, Duration.ZERO, 1, 1L << 20);
    try (RocksEventLog log = RocksEventLog.open(root, aDay, clock)) {
      append(log, event("a"), event("b"));
      clock.advance(Duration.ofDays(2));
      log.enforceRetention();
      log.enforceRetention();
    }
    try (RocksEventLog log = RocksEventLog.open(root, aDay, clock)) {
      assertThat(log.range()).isEqualTo(new LogRange(log.range().epoch(), 2, 2));
      assertThat(append(log, event("c"))).containsExactly(new Appended("c", 3, false));
      log.enforceRetention();
      assertThat(ids(log, 2, EventFilter.ALL)).containsExactly("c");
    }
  }

  @Test
  void aKilledProcessKeepsTheEpoch() throws IOException {
    for (LogSettings settings : new LogSettings[] {FSYNC, OS}) {
      Path directory = root.resolve("log-" + settings.durability());
      try (EventLog log = RocksEventLog.open(directory, settings, clock, "boot-1")) {
        append(log, event("a"), event("b"));
        Path image = StoredFiles.copy(directory, root.resolve("image-" + settings.durability()));
        try (EventLog after = RocksEventLog.open(image, settings, clock, "boot-1")) {
          assertThat(after.range()).isEqualTo(log.range());
          assertThat(ids(after, 0, EventFilter.ALL)).containsExactly("a", "b");
        }
      }
    }
  }

  @Test
  void aCrashedSystemGivesAnUnsyncedLogANewEpoch() throws IOException {
    assertThat(epochAfterCrash(OS, "boot-1", "boot-2")).isFalse();
    assertThat(epochAfterCrash(OS, "unknown", "unknown")).isFalse();
  }

  @Test
  void aCrashedSystemLeavesASyncedLogItsEpoch() throws IOException {
    assertThat(epochAfterCrash(FSYNC, "boot-1", "boot-2")).isTrue();
  }

  /** True when the epoch is the same after the end of the process and the next boot. */
  private boolean epochAfterCrash(LogSettings settings, String boot, String nextBoot)
      throws IOException {
    String name = settings.durability() + boot;
    Path directory = root.resolve(name);
    try (EventLog log = RocksEventLog.open(directory, settings, clock, boot)) {
      append(log, event("a"));
      Path image = StoredFiles.copy(directory, root.resolve(name + "-image"));
      try (EventLog after = RocksEventLog.open(image, settings, clock, nextBoot)) {
        return after.range().epoch().equals(log.range().epoch());
      }
    }
  }

  @Test
  void anUnsyncedLogThatWasClosedKeepsItsEpochOverABoot() {
    Epoch before;
    try (EventLog log = RocksEventLog.open(root, OS, clock, "boot-1")) {
      append(log, event("a"));
      before = log.range().epoch();
    }
    try (EventLog log = RocksEventLog.open(root, FSYNC, clock, "boot-2")) {
      assertThat(log.range().epoch()).isEqualTo(before);
    }
  }

  @Test
  void aDirectoryCannotPromiseToForget() {
    assertThatThrownBy(() -> RocksEventLog.open(root, settings(Durability.MEMORY, 0), clock))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("durability is MEMORY: a log in a directory needs FSYNC or OS");
  }
}
