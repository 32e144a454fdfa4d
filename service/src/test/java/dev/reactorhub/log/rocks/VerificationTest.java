package dev.reactorhub.log.rocks;

import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.log.ChannelRetentionSettings;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.LogSettings.Durability;
import dev.reactorhub.log.SettableClock;
import dev.reactorhub.log.StoredFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;

final class VerificationTest {
  private static final int EVENTS = 2000;

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();
  private final List<String> damage = new ArrayList<>();

  private RocksEventLog open(LogSettings settings) {
    return RocksEventLog.open(directory, settings, clock);
  }

  /** A log whose records are in the write-ahead file alone. */
  private void fill() {
    try (EventLog log = open(LogSettings.DEFAULTS)) {
      for (int i = 1; i <= EVENTS; i++) {
        append(log, event("e" + i, "c" + i % 3, "t", "\"" + "x".repeat(i % 100) + i + "\""));
      }
    }
  }

  /** A log whose records are in table files: opening it brings them there. */
  private void fillTables() {
    fill();
    open(LogSettings.DEFAULTS).close();
  }

  private void fillThree() {
    try (EventLog log = open(LogSettings.DEFAULTS)) {
      append(log, event("a", "c"), event("b", "d"), event("c", "c"));
    }
  }

  private long verify() {
    damage.clear();
    return Verification.run(directory, (kind, place) -> damage.add(kind + " " + place));
  }

  private void change(Change change) throws RocksDBException {
    try (RocksStore store = RocksStore.open(directory)) {
      change.in(store);
    }
  }

  @Test
  void aSoundLogIsFoundSoundAndLeftToTheByteAsItWas() throws Exception {
    fill();
    Map<String, String> before = hashes();
    assertThat(verify()).isEqualTo(EVENTS);
    assertThat(damage).isEmpty();
    try (RocksLogFiles files = RocksLogFiles.open(directory)) {
      assertThat(files.range().head()).isEqualTo(EVENTS);
      assertThat(files.channels().get(new Channel("c1")))
          .isEqualTo(new RocksLogFiles.ChannelCount(667, 1999));
    }
    assertThat(hashes()).isEqualTo(before);

    fillTables();
    before = hashes();
    assertThat(verify()).isEqualTo(EVENTS);
    assertThat(damage).isEmpty();
    assertThat(hashes()).isEqualTo(before);
  }

  @Test
  void aLogThatRetentionHasCutIsSound() {
    LogSettings two =
        new LogSettings(
            Durability.FSYNC, Duration.ZERO, 0, 2, Duration.ofHours(1), 1_000, 1L << 20);
    try (RocksEventLog log = open(two)) {
      append(log, event("a"), event("b"), event("c"));
      log.enforceRetention();
    }
    assertThat(verify()).isEqualTo(2);
    assertThat(damage).isEmpty();
  }

  @Test
  void aLogFromWhichRulesForChannelsRemovedIsSoundAndCounted() {
    LogSettings oneOfEach =
        LogSettings.DEFAULTS.withChannelRetention(
            List.of(new ChannelRetentionSettings(new ChannelPattern("c"), Duration.ZERO, 0, 1)));
    try (RocksEventLog log = open(oneOfEach)) {
      append(log, event("a", "c"), event("b", "d"), event("c", "c"));
      log.enforceRetention();
    }
    assertThat(verify()).isEqualTo(3);
    assertThat(damage).isEmpty();
    try (RocksLogFiles files = RocksLogFiles.open(directory)) {
      assertThat(files.events()).isEqualTo(2);
      assertThat(files.storedAt(1)).isEqualTo(clock.instant());
    }
  }

  @Test
  void anEmptyLogIsSound() {
    open(LogSettings.DEFAULTS).close();
    assertThat(verify()).isZero();
    assertThat(damage).isEmpty();
  }

  @Test
  void aFlippedBitInATableIsFoundWithTheRecordsItHides() throws IOException {
    fillTables();
    flipABit(largest(".sst"), 500);
    verify();
    assertThat(damage)
        .anySatisfy(line -> assertThat(line).startsWith("TABLE 0").contains(".sst: "))
        .anySatisfy(
            line -> assertThat(line).startsWith("UNREADABLE records 1 to ").endsWith("of them"))
        .hasSize(2);
  }

  @Test
  void everyFlippedBitInATableIsFound() throws IOException {
    fillTables();
    Path table = largest(".sst");
    long size = Files.size(table);
    // The last 16 bytes end the footer: its padding and magic number among them.
    for (long at = 0; at < size; at += 1 + size / 60) {
      flipABit(table, at);
      verify();
      assertThat(damage).as("byte %d of %d", at, size).isNotEmpty();
      flipABit(table, at);
    }
    verify();
    assertThat(damage).isEmpty();
  }

  @Test
  void aFlippedBitInTheWriteAheadFileIsFound() throws IOException {
    fill();
    Path file = largest(".log");
    long size = Files.size(file);
    for (long at = 3; at < size; at += 1 + size / 40) {
      flipABit(file, at);
      verify();
      assertThat(damage)
          .as("byte %d of %d", at, size)
          .anySatisfy(line -> assertThat(line).startsWith("WRITE_AHEAD "));
      flipABit(file, at);
    }
  }

  @Test
  void anEndTornByACrashIsNoDamage() throws IOException {
    fill();
    Path file = largest(".log");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(file) - 5);
    }
    assertThat(verify()).isEqualTo(EVENTS);
    assertThat(damage).isEmpty();
  }

  @Test
  void aDirectoryDamagedBeyondOpeningIsDamage() throws IOException {
    fillTables();
    flipABit(largest("MANIFEST-"), 20);
    verify();
    assertThat(damage).singleElement().asString().startsWith("UNOPENABLE ");
  }

  @Test
  void aMissingRecordIsFoundWithTheEntriesThatNameIt() throws RocksDBException {
    fillThree();
    change(store -> store.db().delete(store.events(), Schema.eventKey(2)));
    verify();
    assertThat(damage)
        .containsExactly(
            "MISSING record 2",
            "INDEX_WITHOUT_RECORD \"d\", record 2",
            "ID_WITHOUT_RECORD \"b\", record 2");
  }

  @Test
  void aMissingEndIsFoundByTheEntriesThatNameIt() throws RocksDBException {
    fillThree();
    change(store -> store.db().delete(store.events(), Schema.eventKey(3)));
    verify();
    assertThat(damage)
        .containsExactly(
            "COMMITTED_HEAD record 3",
            "INDEX_WITHOUT_RECORD \"c\", record 3",
            "ID_WITHOUT_RECORD \"c\", record 3");
  }

  @Test
  void aLogBesideTheNoteOfAnotherIsDamage() throws IOException {
    fillThree();
    Path note = directory.resolve(CommittedHead.FILE);
    byte[] own = Files.readAllBytes(note);
    Files.write(note, new byte[own.length]);
    verify();
    assertThat(damage).singleElement().asString().startsWith("COMMITTED_HEAD nothing was noted of");
    Files.delete(note);
    verify();
    assertThat(damage).isEmpty();
  }

  @Test
  void bytesThatAreNoEventAreFound() throws RocksDBException {
    fillThree();
    change(store -> store.db().put(store.events(), Schema.eventKey(2), new byte[] {8, 1, 127}));
    verify();
    assertThat(damage).containsExactly("UNDECODABLE record 2");
  }

  @Test
  void aRecordOutOfLineIsFound() throws RocksDBException {
    fillThree();
    change(
        store ->
            store
                .db()
                .put(
                    store.events(),
                    Schema.eventKey(3),
                    store.db().get(store.events(), Schema.eventKey(1))));
    verify();
    assertThat(damage).contains("OUT_OF_LINE record 3", "ID_WITHOUT_RECORD \"c\", record 3");
  }

  @Test
  void anEntryThatIsMissingOrOfAnotherChannelIsFound() throws RocksDBException {
    fillThree();
    change(
        store -> {
          ColumnFamilyHandle index = store.byChannel();
          store.db().delete(index, Schema.indexKey(new Channel("c"), 1));
          store.db().put(index, Schema.indexKey(new Channel("d"), 3), new byte[0]);
          store.db().put(index, Schema.indexKey(new Channel("e"), 3_000_000), new byte[0]);
          store.db().put(index, "short".getBytes(StandardCharsets.US_ASCII), new byte[0]);
        });
    verify();
    assertThat(damage)
        .containsExactlyInAnyOrder(
            "NOT_INDEXED record 1",
            "INDEX_WITHOUT_RECORD \"d\", record 3",
            "INDEX_WITHOUT_RECORD \"e\", record 3000000",
            "INDEX_WITHOUT_RECORD a key of 5 bytes");
  }

  @Test
  void anIdOfAnotherRecordIsFound() throws RocksDBException {
    fillThree();
    change(
        store -> {
          store.db().put(store.dedup(), Schema.dedupKey(0, "b"), Schema.dedupValue(1, 0));
          store.db().put(store.dedup(), Schema.dedupKey(0, "far"), Schema.dedupValue(1L << 40, 0));
          store.db().put(store.dedup(), Schema.dedupKey(0, "n\n"), new byte[3]);
        });
    verify();
    assertThat(damage)
        .containsExactlyInAnyOrder(
            "ID_WITHOUT_RECORD \"b\", record 1",
            "ID_WITHOUT_RECORD \"far\", record 1099511627776",
            "ID_WITHOUT_RECORD \"n?\", no record named");
  }

  private Path largest(String kind) throws IOException {
    return StoredFiles.largest(directory, kind);
  }

  private static void flipABit(Path file, long at) throws IOException {
    StoredFiles.flipBit(file, at, 2);
  }

  private Map<String, String> hashes() throws IOException, NoSuchAlgorithmException {
    Map<String, String> hashes = new TreeMap<>();
    for (Path file : StoredFiles.of(directory, "")) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      hashes.put(
          String.valueOf(file.getFileName()),
          Files.getLastModifiedTime(file) + " " + HexFormat.of().formatHex(hash));
    }
    return hashes;
  }

  /** Something done to a closed log behind its back. */
  @FunctionalInterface
  private interface Change {
    void in(RocksStore store) throws RocksDBException;
  }
}
