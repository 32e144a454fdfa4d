package dev.reactorhub.log.rocks;

import static dev.reactorhub.log.Events.PLENTY;
import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.channels;
import static dev.reactorhub.log.Events.event;
import static dev.reactorhub.log.Events.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.log.ChannelRetentionContract;
import dev.reactorhub.log.ChannelRetentionSettings;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.LogSettings.Durability;
import dev.reactorhub.log.ReadResult;
import dev.reactorhub.log.StoredFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksChannelRetentionTest extends ChannelRetentionContract {
  private static final LogSettings NO_RULES = keeping();

  @TempDir Path root;
  private int opened;

  @Override
  protected EventLog open(LogSettings settings) {
    return openAt("log-" + opened++, settings);
  }

  private RocksEventLog openAt(String name, LogSettings settings) {
    return RocksEventLog.open(root.resolve(name), settings, clock);
  }

  @Override
  protected void enforceRetention(EventLog log) {
    ((RocksEventLog) log).enforceRetention();
  }

  private static long removedThrough(EventLog log, String... patterns) {
    return ((ReadResult.Batch) log.read(0, channels(patterns), PLENTY)).removedThrough();
  }

  @Test
  void whatRulesRemovedAndCountedIsKnownAfterARestart() {
    LogSettings three = keeping(byEvents("chat", 3));
    try (RocksEventLog log = openAt("log", three)) {
      append(log, event("1", "chat"), event("2"), event("3", "chat"), event("4", "chat"));
      append(log, event("5", "chat"));
      log.enforceRetention();
    }
    try (RocksEventLog log = openAt("log", three)) {
      assertThat(ids(log, 0, EventFilter.ALL)).containsExactly("2", "3", "4", "5");
      assertThat(removedThrough(log, "chat")).isEqualTo(1);
      assertThat(append(log, event("1", "chat")).getFirst().duplicate()).isTrue();
      append(log, event("6", "chat"));
      log.enforceRetention();
      assertThat(ids(log, 0, EventFilter.ALL)).containsExactly("2", "4", "5", "6");
      assertThat(removedThrough(log, "chat")).isEqualTo(3);
    }
  }

  @Test
  void whatWasRemovedIsToldThoughTheRulesAreGone() {
    try (RocksEventLog log = openAt("log", keeping(byEvents("chat", 1)))) {
      append(log, event("1", "chat"), event("2"), event("3", "chat"));
      log.enforceRetention();
    }
    try (RocksEventLog log = openAt("log", NO_RULES)) {
      assertThat(ids(log, 0, EventFilter.ALL)).containsExactly("2", "3");
      assertThat(removedThrough(log, "chat")).isEqualTo(1);
      assertThat(removedThrough(log, "default")).isZero();
    }
  }

  @Test
  void otherRulesCountWhatIsThereAnew() {
    try (RocksEventLog log = openAt("log", keeping(byEvents("chat.a", 1)))) {
      append(log, event("1", "chat.a"), event("2", "chat.b"), event("3", "chat.a"));
      append(log, event("4", "chat.b"), event("5", "chat.c"));
      log.enforceRetention();
      assertThat(ids(log, 0, EventFilter.ALL)).containsExactly("2", "3", "4", "5");
    }
    try (RocksEventLog log = openAt("log", keeping(byEvents("chat.b", 1), byEvents("chat.>", 1)))) {
      log.enforceRetention();
      assertThat(ids(log, 0, EventFilter.ALL)).containsExactly("4", "5");
      assertThat(removedThrough(log, ">")).isEqualTo(3);
    }
  }

  @Test
  void timesAreFoundAmongWhatIsLeftOfRemovedEvents() {
    final Instant start = clock.instant();
    try (RocksEventLog log = openAt("log", keeping(byEvents("chat", 1)))) {
      for (int i = 0; i < 10; i++) {
        append(log, event("e" + i, "chat"));
        clock.advance(Duration.ofSeconds(1));
      }
      log.enforceRetention();
      assertThat(log.seqBefore(start.plusSeconds(4))).isEqualTo(4);
    }
  }

  @Test
  void aKilledProcessKeepsWhatRulesRemoved() throws IOException {
    LogSettings one = keeping(byEvents("chat", 1));
    try (RocksEventLog log = openAt("log", one)) {
      append(log, event("1", "chat"), event("2"), event("3", "chat"));
      log.enforceRetention();
      append(log, event("4", "chat"));
      StoredFiles.copy(root.resolve("log"), root.resolve("image"));
    }
    try (RocksEventLog log = openAt("image", one)) {
      assertThat(ids(log, 0, EventFilter.ALL)).containsExactly("2", "3", "4");
      assertThat(removedThrough(log, "chat")).isEqualTo(1);
      log.enforceRetention();
      assertThat(ids(log, 0, EventFilter.ALL)).containsExactly("2", "4");
      assertThat(removedThrough(log, "chat")).isEqualTo(3);
    }
  }

  private static LogSettings unsynced(Duration age, long bytes, ChannelRetentionSettings... rules) {
    return new LogSettings(Durability.OS, age, bytes, 0, Duration.ZERO, 1, 8L << 20)
        .withChannelRetention(List.of(rules));
  }

  @Test
  void theFilesShrinkByTheBoundOfBytes() {
    try (RocksEventLog log = openAt("log", unsynced(Duration.ZERO, 10L << 20))) {
      // Retention runs by itself as well while this is written: what is written is the measure.
      fill(log, 100L << 20);
      log.enforceRetention();
      assertThat(log.sizeBytes()).isLessThan(80L << 20);
      assertThat(log.range().earliest()).isGreaterThan(150);
    }
  }

  @Test
  void theFilesShrinkByTheBoundOfAge() {
    try (RocksEventLog log = openAt("log", unsynced(Duration.ofDays(1), 0))) {
      fill(log, 100L << 20);
      final long before = log.sizeBytes();
      clock.advance(Duration.ofDays(2));
      append(log, event("new"));
      log.enforceRetention();
      assertThat(log.sizeBytes()).isLessThan(before / 5);
      assertThat(ids(log, log.range().earliest(), EventFilter.ALL)).containsExactly("new");
    }
  }

  @Test
  void theFilesShrinkByARuleForAChannel() {
    try (RocksEventLog log = openAt("log", unsynced(Duration.ZERO, 0))) {
      fill(log, 100L << 20);
    }
    try (RocksEventLog log = openAt("log", unsynced(Duration.ZERO, 0, byEvents("bulk", 10)))) {
      long before = log.sizeBytes();
      log.enforceRetention();
      assertThat(log.sizeBytes()).isLessThan(before / 5);
      assertThat(ids(log, 0, channels("bulk"))).hasSize(10);
      assertThat(ids(log, 0, channels("other"))).hasSize(100);
    }
  }

  /** Writes so many bytes that do not compress to "bulk", and a little to "other". */
  private static void fill(EventLog log, long bytes) {
    Random random = new Random(7);
    byte[] noise = new byte[768 << 10];
    int count = Math.toIntExact(bytes >> 20);
    for (int i = 0; i < count; i++) {
      random.nextBytes(noise);
      String data = "\"" + Base64.getEncoder().encodeToString(noise) + "\"";
      List<Event> batch = new ArrayList<>();
      batch.add(event("bulk" + i, "bulk", "t", data));
      batch.add(event("other" + i, "other"));
      append(log, batch.toArray(Event[]::new));
    }
  }
}
