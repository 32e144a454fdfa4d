package dev.reactorhub.log.rocks;

import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.NamedCursorsContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

final class RocksNamedCursorsTest extends NamedCursorsContract {
  @TempDir Path root;
  private int opened;

  @Override
  protected EventLog open(LogSettings settings) {
    return RocksEventLog.open(root.resolve("log-" + opened++), settings, InstantSource.system());
  }

  private static EventLog open(Path directory) {
    return RocksEventLog.open(directory, LogSettings.DEFAULTS, InstantSource.system());
  }

  private static void store(EventLog log, String name, String state) {
    Optional<byte[]> bytes = Optional.of(state.getBytes(StandardCharsets.UTF_8));
    log.cursors().store(Map.of(name, bytes)).join();
  }

  private static String kept(EventLog log, String name) {
    return new String(log.cursors().load().get(name), StandardCharsets.UTF_8);
  }

  @Test
  void theyOutliveTheProcess() {
    Path directory = root.resolve("again");
    try (EventLog log = open(directory)) {
      store(log, "a", "1");
      append(log, event("e1"));
      store(log, "a", "2");
    }
    try (EventLog log = open(directory)) {
      assertThat(kept(log, "a")).isEqualTo("2");
      assertThat(log.range().head()).isEqualTo(1);
    }
  }

  @Test
  void verifyAndTheOtherToolsPassOverThem() {
    Path directory = root.resolve("tools");
    try (EventLog log = open(directory)) {
      append(log, event("e1"));
      store(log, "a", "1");
    }
    List<String> damage = new ArrayList<>();
    assertThat(Verification.run(directory, (kind, place) -> damage.add(kind + " " + place)))
        .isEqualTo(1);
    assertThat(damage).isEmpty();
    try (RocksLogFiles files = RocksLogFiles.open(directory)) {
      assertThat(files.events()).isEqualTo(1);
      assertThat(files.format()).isEqualTo(2);
    }
  }

  @Test
  void aLogOfFormat1CanBeReadAsItIsAndIsBroughtUpToThisOneWhenAHubOpensIt()
      throws IOException, RocksDBException {
    Path directory = root.resolve("old");
    LogRange range;
    try (EventLog log = open(directory)) {
      append(log, event("e1"), event("e2"));
      range = log.range();
    }
    makeFormat1(directory);

    try (RocksLogFiles files = RocksLogFiles.open(directory)) {
      assertThat(files.format()).isEqualTo(1);
      assertThat(files.range()).isEqualTo(range);
    }
    List<String> damage = new ArrayList<>();
    assertThat(Verification.run(directory, (kind, place) -> damage.add(kind + " " + place)))
        .isEqualTo(2);
    assertThat(damage).isEmpty();
    assertThat(directory.resolve("reactor-hub-log")).hasContent("format 1\n");

    try (EventLog log = open(directory)) {
      assertThat(log.range()).isEqualTo(range);
      store(log, "a", "1");
    }
    assertThat(directory.resolve("reactor-hub-log")).hasContent("format 2\n");
    try (EventLog log = open(directory)) {
      assertThat(kept(log, "a")).isEqualTo("1");
    }
  }

  /** What the version before this one would have left. */
  private static void makeFormat1(Path directory) throws IOException, RocksDBException {
    List<ColumnFamilyDescriptor> families;
    try (Options options = new Options()) {
      families =
          RocksDB.listColumnFamilies(options, directory.toString()).stream()
              .map(ColumnFamilyDescriptor::new)
              .toList();
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (DBOptions options = new DBOptions();
        RocksDB database = RocksDB.open(options, directory.toString(), families, handles)) {
      assertThat(new String(handles.getLast().getName(), StandardCharsets.UTF_8))
          .isEqualTo("cursors");
      database.dropColumnFamily(handles.getLast());
      handles.forEach(ColumnFamilyHandle::close);
    }
    Files.writeString(directory.resolve("reactor-hub-log"), "format 1\n");
  }
}
