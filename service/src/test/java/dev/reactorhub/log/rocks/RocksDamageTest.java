package dev.reactorhub.log.rocks;

import static dev.reactorhub.log.Events.PLENTY;
import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.channels;
import static dev.reactorhub.log.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.log.Appended;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogHealth;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.SettableClock;
import dev.reactorhub.log.StoredFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

final class RocksDamageTest {
  @TempDir Path directory;
  @TempDir Path crashed;
  private final SettableClock clock = new SettableClock();

  private RocksEventLog open() {
    return RocksEventLog.open(directory, LogSettings.DEFAULTS, clock);
  }

  @Test
  void aFlippedBitInAFileIsNoticedAndNeverServed() throws IOException {
    try (EventLog log = open()) {
      for (int i = 0; i < 200; i++) {
        append(log, event("e" + i, "c", "t", "\"" + "x".repeat(i) + "\""));
      }
    }
    open().close(); // The records of the last run go to files when the log is opened.
    StoredFiles.flipBit(StoredFiles.largest(directory, ".sst"), 500, 2);
    try (EventLog log = open()) {
      assertThatThrownBy(() -> log.read(0, EventFilter.ALL, PLENTY))
          .isInstanceOf(LogFailedException.class);
      assertThat(log.health()).isInstanceOf(LogHealth.Unhealthy.class);
      assertThat(append(log, event("next"))).containsExactly(new Appended("next", 201, false));
    }
  }

  @Test
  void bytesThatAreNoRecordAreDamage() throws RocksDBException {
    try (EventLog log = open()) {
      append(log, event("a", "c"), event("b", "c"), event("c", "c"));
    }
    try (RocksStore store = RocksStore.open(directory)) {
      store.db().put(store.events(), Schema.eventKey(2), new byte[] {8, 1, 127});
    }
    try (EventLog log = open()) {
      assertThatThrownBy(() -> log.read(0, channels("c"), PLENTY))
          .isInstanceOf(LogFailedException.class)
          .hasMessage("record 2 is damaged: restore the log");
      assertThat(log.health()).isInstanceOf(LogHealth.Unhealthy.class);
    }
  }

  @Test
  void aMissingRecordIsDamageNotAHole() throws RocksDBException {
    try (EventLog log = open()) {
      append(log, event("a", "c"), event("b", "c"), event("c", "c"));
    }
    try (RocksStore store = RocksStore.open(directory)) {
      store.db().delete(store.events(), Schema.eventKey(2));
    }
    try (EventLog log = open()) {
      assertThatThrownBy(() -> log.read(0, EventFilter.ALL, PLENTY))
          .isInstanceOf(LogFailedException.class)
          .hasMessage("record 2 is missing: restore the log");
      assertThatThrownBy(() -> log.read(0, channels("c"), PLENTY))
          .isInstanceOf(LogFailedException.class);
    }
  }

  @Test
  void aFlippedBitInTheWriteAheadFileNeverLetsAPlaceBeGivenOutTwice() throws IOException {
    Epoch before;
    try (EventLog log = open()) {
      before = log.range().epoch();
      for (int i = 1; i <= 200; i++) {
        append(log, event("e" + i, "c", "t", "\"" + "x".repeat(i) + "\""));
      }
      StoredFiles.copy(directory, crashed);
    }
    directory = crashed;
    StoredFiles.flipBit(StoredFiles.largest(directory, ".log"), 20_000, 2);
    try (EventLog log = open()) {
      // RocksDB dropped what follows the damage, and said nothing.
      assertThat(log.range().head()).isBetween(1L, 199L);
      assertThat(log.range().epoch()).isNotEqualTo(before);
    }
  }
}
