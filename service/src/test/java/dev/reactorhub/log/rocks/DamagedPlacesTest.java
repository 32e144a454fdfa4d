package dev.reactorhub.log.rocks;

import static dev.reactorhub.log.Events.PLENTY;
import static dev.reactorhub.log.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogHealth;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.ReadResult;
import dev.reactorhub.log.StoredFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One bit flipped at rest, in many places of every kind of file. Whatever it hits: no record comes
 * back other than it was stored, and none is missing unless the log says so.
 */
@Timeout(120)
final class DamagedPlacesTest {
  private static final int EVENTS = 400;
  private static final int PLACES = 12;

  @TempDir Path root;
  private final List<Event> stored = new ArrayList<>();
  private final Random random = new Random(20_260_131);
  private Path whole;
  private Epoch epoch;

  @BeforeEach
  void fill() {
    whole = root.resolve("whole");
    try (EventLog log = open(whole)) {
      epoch = log.range().epoch();
      for (int i = 0; i < EVENTS; i++) {
        byte[] data = new byte[random.nextInt(600)];
        random.nextBytes(data);
        String text = HexFormat.of().formatHex(data);
        stored.add(event("e" + i, "c" + i % 3, "t", '"' + text + '"'));
        assertThat(log.append(List.of(stored.getLast())).join())
            .isInstanceOf(AppendResult.Stored.class);
      }
    }
  }

  @Test
  void aBitOfTheWriteAheadLog() throws IOException {
    flipInEveryFile(".log");
  }

  @Test
  void aBitOfATable() throws IOException {
    open(whole).close(); // The records of the last run go to files when the log is opened.
    flipInEveryFile(".sst");
  }

  @Test
  void aBitOfTheManifest() throws IOException {
    flipInEveryFile("MANIFEST-");
  }

  @Test
  void aBitOfTheSmallFiles() throws IOException {
    flipInEveryFile("CURRENT");
    flipInEveryFile("IDENTITY");
    flipInEveryFile("OPTIONS-");
    flipInEveryFile("head");
    flipInEveryFile("reactor-hub-log");
  }

  @Test
  void aFileThatIsGoneOrCut() throws IOException {
    open(whole).close();
    for (Path file : StoredFiles.of(whole, "")) {
      String name = String.valueOf(file.getFileName());
      Path gone = StoredFiles.copy(whole, root.resolve("gone-" + name));
      Files.delete(gone.resolve(name));
      assertHonest(gone, "without " + name);
      Path cut = StoredFiles.copy(whole, root.resolve("cut-" + name));
      byte[] bytes = Files.readAllBytes(file);
      Files.write(cut.resolve(name), Arrays.copyOf(bytes, bytes.length / 2));
      assertHonest(cut, "half of " + name);
    }
  }

  private void flipInEveryFile(String kind) throws IOException {
    List<Path> files = StoredFiles.of(whole, kind);
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      long bytes = Files.size(file);
      for (int i = 0; i < PLACES && bytes > 0; i++) {
        long bit = random.nextLong(bytes * 8);
        Path damaged = StoredFiles.copy(whole, root.resolve(name + "-" + i));
        StoredFiles.flipBit(damaged.resolve(name), bit / 8, Math.toIntExact(bit % 8));
        assertHonest(damaged, "bit " + bit + " of " + name);
      }
    }
  }

  private void assertHonest(Path damaged, String what) {
    try (EventLog log = open(damaged)) {
      List<LogRecord> served = new ArrayList<>();
      boolean isWhole = readWhatIsServed(log, served);
      assertThat(served)
          .as(what)
          .allSatisfy(record -> assertThat(record.event()).isEqualTo(original(record)));
      boolean isComplete = served.size() == EVENTS;
      if (isWhole && log.range().epoch().equals(epoch)) {
        assertThat(isComplete).as(what + ": nothing is missing without a word").isTrue();
      } else if (!isWhole) {
        assertThat(log.health()).as(what).isInstanceOf(LogHealth.Unhealthy.class);
      }
    } catch (LogDirectoryException refused) {
      assertThat(refused)
          .as(what)
          .hasMessageMatching("(?s)log directory .*: .*(restore|choose|check|run).*");
    }
  }

  private Event original(LogRecord record) {
    return stored.get(Math.toIntExact(record.seq() - 1));
  }

  /** Reads on behind each place that cannot be read; false when there was one. */
  private static boolean readWhatIsServed(EventLog log, List<LogRecord> served) {
    boolean isWhole = true;
    long after = 0;
    while (after < log.range().head()) {
      try {
        ReadResult.Batch batch = (ReadResult.Batch) log.read(after, EventFilter.ALL, PLENTY);
        served.addAll(batch.records());
        after = batch.through();
      } catch (LogFailedException e) {
        isWhole = false;
        after++;
      }
    }
    return isWhole;
  }

  private static EventLog open(Path directory) {
    return RocksEventLog.open(directory, LogSettings.DEFAULTS, InstantSource.system());
  }
}
