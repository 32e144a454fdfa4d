package dev.reactorhub.log.rocks;

import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.channels;
import static dev.reactorhub.log.Events.event;
import static dev.reactorhub.log.Events.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Event;
import dev.reactorhub.log.Appended;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.LogSettings.Durability;
import dev.reactorhub.log.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksIterator;

/** A log long enough to have several segments of the index and generations of ids. */
final class RocksLongLogTest {
  private static final int EVENTS = 1_200_000;
  private static final int RARE_EVERY = 50_000;

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();

  @Test
  void aLongLogIsReadByChannelAndShrinksByRetention() {
    LogSettings keepAll = settings(0, 2_000_000);
    try (RocksEventLog log = RocksEventLog.open(directory, keepAll, clock)) {
      fill(log);
      assertThat(ids(log, 0, channels("rare.one"))).isEqualTo(rareAfter(0));
      assertThat(ids(log, 300_000, channels("rare.*"))).isEqualTo(rareAfter(300_000));
      assertThat(append(log, event("e3"), event("e" + (EVENTS - 1))))
          .containsExactly(
              new Appended("e3", 4, true), new Appended("e" + (EVENTS - 1), EVENTS, true));
    }
    try (RocksEventLog log = RocksEventLog.open(directory, settings(100_000, 100_000), clock)) {
      long before = log.sizeBytes();
      log.enforceRetention();
      assertThat(log.range().earliest()).isEqualTo(EVENTS - 100_000);
      assertThat(ids(log, EVENTS - 100_000, channels("rare.one")))
          .isEqualTo(rareAfter(EVENTS - 100_000));
      assertThat(log.sizeBytes()).isLessThan(before / 3);
      assertThat(append(log, event("e3"))).containsExactly(new Appended("e3", EVENTS + 1, false));
    }
    try (RocksStore store = RocksStore.open(directory);
        RocksIterator index = store.db().newIterator(store.byChannel());
        RocksIterator ids = store.db().newIterator(store.dedup())) {
      index.seekToFirst();
      assertThat(Schema.stretchOf(index.key())).isEqualTo(Schema.segmentOf(EVENTS - 100_000));
      ids.seekToFirst();
      assertThat(Schema.stretchOf(ids.key())).isEqualTo(1);
    }
  }

  private static LogSettings settings(long retentionEvents, int dedupIdsMax) {
    return new LogSettings(
        Durability.OS,
        Duration.ZERO,
        0,
        retentionEvents,
        Duration.ofHours(1),
        dedupIdsMax,
        8L << 20);
  }

  private static void fill(EventLog log) {
    for (int i = 0; i < EVENTS; ) {
      List<Event> batch = new ArrayList<>(2_000);
      for (int k = 0; k < 2_000; k++, i++) {
        batch.add(event("e" + i, i % RARE_EVERY == 0 ? "rare.one" : "often.c" + i % 500));
      }
      var _ = log.append(batch);
    }
    append(log, event("e0"));
  }

  private static List<String> rareAfter(int seq) {
    return IntStream.range(seq, EVENTS)
        .filter(i -> i % RARE_EVERY == 0)
        .mapToObj(i -> "e" + i)
        .toList();
  }
}
