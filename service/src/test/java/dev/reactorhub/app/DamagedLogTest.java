package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reactorhub.log.StoredFiles;
import dev.reactorhub.stream.SseClient;
import dev.reactorhub.stream.StreamClient;
import dev.reactorhub.stream.WebSocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/**
 * The real process on a directory that was damaged at rest, or is none of its own: it says what to
 * do, or serves what is whole, and never an event other than it was published. Many more places:
 * {@code DamagedPlacesTest}.
 */
@Tag("world")
final class DamagedLogTest {
  private static final String TYPE = "parcel_sent";
  private static final int EVENTS = 300;
  private static final int PLACES = 12;
  private static final String REMEDY =
      "hub run: log directory .*(restore the directory, or choose an empty one"
          + "|choose an empty directory|or choose another directory).*";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path root;
  private final Map<String, String> published = new HashMap<>();
  private final long seed = Seeds.seeds().getFirst();
  private final Random random = new Random(seed);
  private Path whole;
  private String epoch = "";

  @BeforeEach
  void fill() throws Exception {
    whole = root.resolve("whole");
    try (HubProcess hub = start(whole)) {
      HubHttp http = new HubHttp(hub);
      for (int i = 0; i < EVENTS / 10; i++) {
        assertThat(http.publish(tenEvents(i)).status()).isEqualTo(200);
      }
      epoch = http.get("/api/v1/events?limit=1").body().get("epoch").asText();
      assertThat(hub.stop()).isZero();
    }
  }

  @Test
  void aBitInTheMiddleOfTheWriteAheadLogIsToldAndStartsANewEpoch() throws Exception {
    for (int i = 0; i < PLACES; i++) {
      Path damaged = copy("wal-" + i);
      String where = flip(StoredFiles.largest(damaged, ".log"), 0.1, 0.9);
      try (HubProcess hub = start(damaged)) {
        HubHttp http = new HubHttp(hub);
        assertServesNothingWrong(http, where);
        assertThat(http.get("/api/v1/events?limit=1").body().get("epoch").asText())
            .as(where)
            .isNotEqualTo(epoch);
        assertThat(hub.printed())
            .as(where)
            .anyMatch(line -> line.contains("log lost its end") && line.contains("SEVERE"))
            .noneMatch(line -> line.startsWith("\tat "));
        assertClientsAreToldAGap(hub, where);
      }
    }
  }

  @Test
  void aBitOfATableIsNoticedWhenItIsReadAndNeverServed() throws Exception {
    try (HubProcess hub = start(whole)) { // What the last run stored goes to tables at the start.
      assertThat(hub.stop()).isZero();
    }
    int noticed = 0;
    for (int i = 0; i < PLACES; i++) {
      Path damaged = copy("sst-" + i);
      String where = flip(StoredFiles.largest(damaged, ".sst"), 0, 1);
      try (HubProcess hub = start(damaged)) {
        noticed += servesAllOrTells(hub, where) ? 0 : 1;
      } catch (HubProcess.NotStarted refused) {
        assertSaysWhatToDo(refused, where);
        noticed++;
      }
    }
    assertThat(noticed).isPositive();
  }

  @Test
  void aDirectoryThatLacksFilesIsRefused() throws Exception {
    try (HubProcess hub = start(whole)) {
      assertThat(hub.stop()).isZero();
    }
    Path noTable = copy("no-table");
    Files.delete(StoredFiles.largest(noTable, ".sst"));
    assertRefused(noTable);
    Path noManifest = copy("no-manifest");
    Files.delete(StoredFiles.largest(noManifest, "MANIFEST-"));
    assertRefused(noManifest);
    Path emptyCurrent = copy("empty-current");
    Files.write(emptyCurrent.resolve("CURRENT"), new byte[0]);
    assertRefused(emptyCurrent);
  }

  @Test
  void aForeignDirectoryIsRefusedAndLeftAsItIs() throws Exception {
    Path foreign = Files.createDirectory(root.resolve("foreign"));
    Files.writeString(foreign.resolve("photo.jpg"), "not ours");
    assertRefusedAndUntouched(foreign);

    Path database = Files.createDirectory(root.resolve("database"));
    RocksDB.loadLibrary();
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB other = RocksDB.open(options, database.toString())) {
      other.put(new byte[] {1}, new byte[] {2});
    }
    assertRefusedAndUntouched(database);

    Path newer = copy("newer");
    Files.writeString(newer.resolve("reactor-hub-log"), "format 3\n");
    assertRefusedAndUntouched(newer);
  }

  private static HubProcess start(Path data) throws IOException {
    return HubProcess.start(data, "--set", "drain.window=0");
  }

  private String tenEvents(int batch) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String id = "e" + batch + "-" + i;
      String data =
          "{\"n\":" + random.nextLong() + ",\"s\":\"" + "x".repeat(random.nextInt(300)) + "\"}";
      published.put(id, data);
      events.add("{\"type\":\"" + TYPE + "\",\"id\":\"" + id + "\",\"data\":" + data + "}");
    }
    return events.toString();
  }

  private void assertServesNothingWrong(HubHttp http, String where) throws Exception {
    List<JsonNode> served = http.history(TYPE);
    assertThat(served).as(where).hasSizeLessThan(EVENTS);
    served.forEach(event -> assertAsPublished(event, where));
  }

  private void assertAsPublished(JsonNode event, String where) {
    assertThat(event.get("data").toString())
        .as(where)
        .isEqualTo(published.get(event.get("id").asText()));
  }

  private void assertClientsAreToldAGap(HubProcess hub, String where) {
    try (StreamClient resumed = overWebSocket(hub, EVENTS / 2)) {
      await().alias(where).until(() -> resumed.count("reactor_gap") == 1);
    }
  }

  /** True: all is served as it was published; or a read is refused, and the operator is told. */
  private boolean servesAllOrTells(HubProcess hub, String where) throws Exception {
    HubHttp http = new HubHttp(hub);
    HubHttp.Answer page = http.get("/api/v1/events?limit=1000&type=" + TYPE);
    if (page.status() == 200) {
      assertThat(page.body().get("events")).as(where).hasSize(EVENTS);
      page.body().get("events").forEach(event -> assertAsPublished(event, where));
      return true;
    }
    assertThat(page.status()).as(where + page).isEqualTo(503);
    assertThat(page.code()).as(where).isEqualTo("log_unavailable");
    assertThat(http.readiness()).as(where).isEqualTo(503);
    assertThat(hub.printed())
        .as(where)
        .anyMatch(line -> line.contains("log damaged: it must be restored"))
        .noneMatch(line -> line.startsWith("\tat "));
    URI stream = hub.endpoint().http("/api/v1/stream" + resumedAt(0));
    try (StreamClient ws = overWebSocket(hub, 0);
        StreamClient sse = SseClient.open(HTTP, stream)) {
      for (StreamClient subscriber : List.of(ws, sse)) {
        await()
            .alias(where)
            .until(() -> subscriber.isEnded() && subscriber.count("reactor_error") == 1);
        subscriber.untaken().stream()
            .filter(message -> message.has("seq"))
            .forEach(event -> assertAsPublished(event, where));
      }
    }
    return false;
  }

  private StreamClient overWebSocket(HubProcess hub, int after) {
    return WebSocketClient.open(HTTP, hub.endpoint().webSocket(resumedAt(after)));
  }

  private String resumedAt(int seq) {
    return "?type=" + TYPE + "&after=" + epoch + "." + seq;
  }

  private static void assertRefused(Path directory) {
    HubProcess.NotStarted refused =
        catchThrowableOfType(HubProcess.NotStarted.class, () -> start(directory).close());
    assertThat(refused).as(directory + " was taken").isNotNull();
    assertSaysWhatToDo(refused, directory.toString());
  }

  private static void assertSaysWhatToDo(HubProcess.NotStarted refused, String where) {
    assertThat(refused.exitCode()).as(where).isEqualTo(1);
    assertThat(refused.printed())
        .as(where)
        .anyMatch(line -> line.matches(REMEDY))
        .noneMatch(line -> line.startsWith("\tat "));
  }

  private static void assertRefusedAndUntouched(Path directory) throws IOException {
    Map<String, List<Byte>> before = contents(directory);
    assertRefused(directory);
    assertThat(contents(directory)).isEqualTo(before);
  }

  private static Map<String, List<Byte>> contents(Path directory) throws IOException {
    Map<String, List<Byte>> contents = new HashMap<>();
    for (Path file : StoredFiles.of(directory, "")) {
      List<Byte> bytes = new ArrayList<>();
      for (byte b : Files.readAllBytes(file)) {
        bytes.add(b);
      }
      contents.put(file.toString(), bytes);
    }
    return contents;
  }

  /** Flips a bit between two parts of the file; says which. */
  private String flip(Path file, double from, double to) throws IOException {
    long at = (long) (Files.size(file) * (from + random.nextDouble() * (to - from)));
    int bit = random.nextInt(8);
    StoredFiles.flipBit(file, at, bit);
    return Seeds.replay("world", seed) + ": bit " + bit + " of byte " + at + " of " + file;
  }

  private Path copy(String name) throws IOException {
    return StoredFiles.copy(whole, root.resolve(name));
  }
}
