package dev.reactorhub.cli;

import static dev.reactorhub.log.Events.append;
import static dev.reactorhub.log.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.log.ChannelRetentionSettings;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.Events;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.SettableClock;
import dev.reactorhub.log.StoredFiles;
import dev.reactorhub.log.rocks.RocksEventLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogCommandTest {
  private static final Event ODD =
      event("a\"b", "news.eu", "odd", "{\"é\":[1.0, 1e400,\"\\u0000\\n\"]}");

  @TempDir Path root;
  private final SettableClock clock = new SettableClock();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path data = Path.of("");
  private LogRange range = new LogRange(new Epoch("x"), 0, 0);

  @BeforeEach
  void fill() {
    data = root.resolve("log");
    try (EventLog log = open(data)) {
      append(log, event("e1", "c"), ODD);
      clock.advance(Duration.ofSeconds(2));
      append(log, event("e3", "c", "other"), event("e4", "news.us"));
      range = log.range();
    }
  }

  @Test
  void infoTellsWhatALogHolds() {
    assertThat(execute("info", "--data", data.toString())).isZero();

    assertThat(lines())
        .startsWith("format   2", "epoch    " + range.epoch(), "events   4")
        .endsWith(
            "first    " + position(1) + " stored at " + clock.instant().minusSeconds(2),
            "last     " + position(4) + " stored at " + clock.instant(),
            "channel  c events: 2, last: " + position(3),
            "channel  news.eu events: 1, last: " + position(2),
            "channel  news.us events: 1, last: " + position(4))
        .hasSize(9);
  }

  @Test
  void infoIsOneJsonObjectWhenAskedFor() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(data)) {
      bytes = files.mapToLong(file -> file.toFile().length()).sum();
    }
    assertThat(execute("info", "--data", data.toString(), "--json")).isZero();

    assertThat(lines())
        .containsExactly(
            "{\"format\":2,\"epoch\":\"E\",\"events\":4,\"bytes\":B,"
                    .replace("E", range.epoch().value())
                    .replace("B", Long.toString(bytes))
                + "\"first\":{\"position\":\"%s\",\"storedAt\":\"%s\"},"
                    .formatted(position(1), clock.instant().minusSeconds(2))
                + "\"last\":{\"position\":\"%s\",\"storedAt\":\"%s\"},"
                    .formatted(position(4), clock.instant())
                + "\"channels\":[{\"channel\":\"c\",\"events\":2,\"last\":\"%s\"},"
                    .formatted(position(3))
                + "{\"channel\":\"news.eu\",\"events\":1,\"last\":\"%s\"},".formatted(position(2))
                + "{\"channel\":\"news.us\",\"events\":1,\"last\":\"%s\"}]}"
                    .formatted(position(4)));
  }

  @Test
  void anEmptyLogHasNoEnds() {
    data = root.resolve("empty");
    open(data).close();
    assertThat(execute("info", "--data", data.toString(), "--json")).isZero();
    assertThat(out.toString()).contains("\"events\":0,").contains(",\"channels\":[]}");
    assertThat(out.toString()).doesNotContain("first", "last");
  }

  @Test
  void verifySaysThatALogIsSound() {
    assertThat(execute("verify", "--data", data.toString())).isZero();
    assertThat(lines()).containsExactly("sound, events looked at: 4");
  }

  @Test
  void verifyReportsDamageWithoutATraceOfTheStack() throws IOException {
    Path file = writeAheadFile();
    StoredFiles.flipBit(file, Files.size(file) / 2, 2);

    assertThat(execute("verify", "--data", data.toString())).isEqualTo(1);
    assertThat(lines().getFirst()).isEqualTo("a write-ahead file is damaged: 1");
    assertThat(lines().get(1)).startsWith("  ").contains("checksum mismatch");
    assertThat(lines().getLast()).startsWith("damaged, events looked at: ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whatIsNoLogIsToldByASentenceAndLeftAlone() {
    String missing = root.resolve("missing").toString();
    for (String command : List.of("info", "verify", "export")) {
      assertThat(execute(command, "--data", missing)).isEqualTo(3);
      assertThat(lastError())
          .isEqualTo(
              "hub log %s: log directory %s holds no log: name the folder of one"
                  .formatted(command, missing));
    }
    assertThat(Path.of(missing)).doesNotExist();
  }

  @Test
  void wrongUsageIsToldByASentence() {
    String log = data.toString();
    assertThat(execute("info")).isEqualTo(2);
    assertThat(execute("export", "--data", log, "--limit", "0")).isEqualTo(2);
    assertThat(execute("export", "--data", log, "--channel", "a b")).isEqualTo(2);
    assertThat(execute("export", "--data", log, "--after", "nothing")).isEqualTo(2);
    assertThat(execute("export", "--data", log, "--after", "other.1")).isEqualTo(2);
    assertThat(execute("import", "--data", log, "/no/such/file")).isEqualTo(2);
    assertThat(lastError()).isEqualTo("hub log import: there is no file /no/such/file");
    assertThat(err.toString())
        .contains("must be a position of this log, at most " + position(4))
        .doesNotContain("\tat ");
  }

  @Test
  void exportPrintsTheFormOfTheHubWithThePlace() {
    assertThat(execute("export", "--data", data.toString(), "--type", "odd")).isZero();
    assertThat(lines())
        .containsExactly(
            "{\"type\":\"odd\",\"data\":{\"é\":[1.0, 1e400,\"\\u0000\\n\"]},\"id\":\"a\\\"b\","
                + "\"seq\":2,\"channel\":\"news.eu\",\"source\":\"system\","
                + "\"timestamp\":\"2026-01-01T00:00:00.123456789Z\",\"position\":\""
                + position(2)
                + "\",\"storedAt\":\""
                + clock.instant().minusSeconds(2)
                + "\"}");
  }

  @Test
  void exportSelects() {
    assertThat(exportedIds("--channel", "news.*", "--channel", "none")).containsExactly("a", "e4");
    assertThat(exportedIds("--after", position(2))).containsExactly("e3", "e4");
    assertThat(exportedIds("--after", position(1), "--limit", "2")).containsExactly("a", "e3");
    assertThat(exportedIds("--after", position(4))).isEmpty();
  }

  @Test
  void importGivesNewPositionsAndLeavesOutDuplicates() throws IOException {
    Path file = exportTo("all.jsonl");
    Path target = root.resolve("new");
    try (EventLog log = open(target)) {
      append(log, event("before"));
    }
    assertThat(execute("import", "--data", target.toString(), file.toString())).isZero();
    assertThat(lines()).containsExactly("imported: 4, duplicates: 0");
    assertThat(execute("import", "--data", target.toString(), file.toString())).isZero();
    assertThat(lines()).containsExactly("imported: 0, duplicates: 4");

    List<LogRecord> imported = recordsOf(target);
    assertThat(imported.subList(1, 5))
        .extracting(LogRecord::event)
        .isEqualTo(recordsOf(data).stream().map(LogRecord::event).toList());
    assertThat(imported).extracting(LogRecord::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void positionsAreKeptInANewLogAlone() throws IOException {
    assertThat(execute("export", "--data", data.toString(), "--after", position(1))).isZero();
    Path file = Files.writeString(root.resolve("part.jsonl"), out.toString());
    String target = root.resolve("new").toString();

    assertThat(execute("import", "--data", target, "--keep-positions", file.toString())).isZero();
    assertThat(lines()).containsExactly("imported: 3, duplicates: 0");
    assertThat(execute("verify", "--data", target)).isZero();
    try (EventLog log = open(Path.of(target))) {
      assertThat(log.range()).isEqualTo(new LogRange(range.epoch(), 1, 4));
      assertThat(Events.readAll(log, 1, EventFilter.ALL)).isEqualTo(recordsOf(data).subList(1, 4));
      assertThat(append(log, event("next")).getFirst().seq()).isEqualTo(5);
    }

    assertThat(execute("import", "--data", target, "--keep-positions", file.toString()))
        .isEqualTo(3);
    assertThat(lastError()).endsWith("holds events already: positions are kept in a new log only");
  }

  @Test
  void positionsAreKeptInALogThatAHubBeganAndLeftEmpty() throws IOException {
    Path file = exportTo("all.jsonl");
    Path target = root.resolve("begun");
    open(target).close();

    assertThat(execute("import", "--data", target.toString(), "--keep-positions", file.toString()))
        .isZero();
    try (EventLog log = open(target)) {
      assertThat(log.range()).isEqualTo(new LogRange(range.epoch(), 0, 4));
    }
  }

  @Test
  void whatRulesForChannelsRemovedIsToldAndCannotKeepItsPosition() throws IOException {
    LogSettings oneOfEach =
        LogSettings.DEFAULTS.withChannelRetention(
            List.of(
                new ChannelRetentionSettings(new ChannelPattern("news.>"), Duration.ZERO, 0, 1)));
    try (EventLog log = RocksEventLog.open(data, oneOfEach, clock)) {
      await().until(() -> Events.readAll(log, 0, EventFilter.ALL).size() == 3);
    }
    Path file = exportTo("most.jsonl");
    assertThat(lastError())
        .isEqualTo(
            "the newest of the events that rules for channels removed had the position "
                + position(2)
                + ": they are missing in the export");
    String target = root.resolve("new").toString();
    assertThat(execute("import", "--data", target, "--keep-positions", file.toString()))
        .isEqualTo(1);
    assertThat(lastError())
        .contains("line 2: its position must be " + position(2))
        .contains("from which rules for channels have removed nothing");
  }

  @Test
  void aBadLineEndsTheImportBehindWhatWasBefore() throws IOException {
    Path file =
        Files.writeString(
            root.resolve("bad.jsonl"),
            """
            {"type":"t","id":"1"}

            {"type":"t","id":"2"}
            {"type":"no good"}
            {"type":"t","id":"5"}
            """);
    Path target = root.resolve("new");

    assertThat(execute("import", "--data", target.toString(), file.toString())).isEqualTo(1);
    assertThat(lines()).containsExactly("imported: 2, duplicates: 0");
    assertThat(lastError())
        .isEqualTo(
            "line 4: type \"no good\" is not valid: only the characters A-Z a-z 0-9 _ - : . are"
                + " allowed; nothing from there on was imported");
    assertThat(recordsOf(target))
        .extracting(record -> record.event().id())
        .containsExactly("1", "2");
  }

  @Test
  void everyKindOfBadLineIsNamed() throws IOException {
    String ok = "{\"type\":\"t\",\"position\":\"abc.7\",\"storedAt\":\"2026-01-01T00:00:01Z\"}\n";
    assertThat(whyStopped("[" + ok.strip() + "]")).startsWith("line 1: a line must be one event");
    assertThat(whyStopped("{\"type\":")).startsWith("line 1: not valid JSON");
    assertThat(whyStopped("\"x\"")).startsWith("line 1: an event must be a JSON object");
    assertThat(whyStopped("{\"type\":\"t\"}", "--keep-positions"))
        .startsWith("line 1: a \"position\" such as k3x9.1042 and a \"storedAt\" are needed");
    assertThat(whyStopped(ok + ok.replace("abc.7", "abc.9"), "--keep-positions"))
        .startsWith("line 2: its position must be abc.8");
    assertThat(whyStopped(ok + ok.replace("abc.7", "xyz.8"), "--keep-positions"))
        .startsWith("line 2: its position must be abc.8");
    assertThat(
            whyStopped(
                ok + ok.replace("abc.7", "abc.8").replace(":01Z", ":00Z"), "--keep-positions"))
        .startsWith("line 2: its \"storedAt\" is before that of the line before");
  }

  @Test
  void standardInputIsReadWhenNoFileIsNamed() {
    InputStream before = System.in;
    try {
      System.setIn(
          new ByteArrayInputStream("{\"type\":\"t\"}\r\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(execute("import", "--data", root.resolve("new").toString())).isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(lines()).containsExactly("imported: 1, duplicates: 0");
  }

  @Test
  void twentyThousandEventsMakeTheRoundTrip() throws IOException {
    Path large = root.resolve("large");
    try (EventLog log = open(large)) {
      for (int batch = 0; batch < 20; batch++) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
          events.add(event("e" + batch + "-" + i, "c" + i % 7));
        }
        append(log, events.toArray(Event[]::new));
      }
    }
    data = large;
    Path file = exportTo("large.jsonl");
    for (String option : List.of("--keep-positions", "-")) {
      Path target = root.resolve("copy" + option);
      List<String> arguments =
          new ArrayList<>(List.of("import", "--data", target.toString(), file.toString()));
      if (!option.equals("-")) {
        arguments.add(option);
      }
      assertThat(execute(arguments.toArray(String[]::new))).isZero();
      assertThat(lines()).containsExactly("imported: 20000, duplicates: 0");
      assertThat(recordsOf(target))
          .extracting(LogRecord::event)
          .isEqualTo(recordsOf(large).stream().map(LogRecord::event).toList());
    }
    assertThat(recordsOf(root.resolve("copy--keep-positions"))).isEqualTo(recordsOf(large));
    data = root.resolve("copy--keep-positions");
    assertThat(Files.mismatch(exportTo("again.jsonl"), file)).isEqualTo(-1);
  }

  private String whyStopped(String lines, String... options) throws IOException {
    Path file = Files.writeString(root.resolve("lines.jsonl"), lines);
    Path target = Files.createTempDirectory(root, "target");
    List<String> arguments =
        new ArrayList<>(List.of("import", "--data", target.toString(), file.toString()));
    arguments.addAll(List.of(options));
    assertThat(execute(arguments.toArray(String[]::new))).isEqualTo(1);
    return lastError();
  }

  private Path exportTo(String name) throws IOException {
    assertThat(execute("export", "--data", data.toString())).isZero();
    return Files.writeString(root.resolve(name), out.toString());
  }

  private List<String> exportedIds(String... options) {
    List<String> arguments = new ArrayList<>(List.of("export", "--data", data.toString()));
    arguments.addAll(List.of(options));
    assertThat(execute(arguments.toArray(String[]::new))).isZero();
    return lines().stream().map(line -> line.replaceAll(".*\"id\":\"(\\w+).*", "$1")).toList();
  }

  private List<LogRecord> recordsOf(Path directory) {
    try (EventLog log = open(directory)) {
      return Events.readAll(log, log.range().earliest(), EventFilter.ALL);
    }
  }

  private EventLog open(Path directory) {
    return RocksEventLog.open(directory, LogSettings.DEFAULTS, clock);
  }

  private Path writeAheadFile() throws IOException {
    return StoredFiles.largest(data, ".log");
  }

  private String position(long seq) {
    return range.epoch() + "." + seq;
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  private String lastError() {
    return err.toString().lines().toList().getLast();
  }

  /** Runs a command of {@code hub log}; {@link #out} then holds what this one printed. */
  private int execute(String... args) {
    out.getBuffer().setLength(0);
    String[] all = new String[args.length + 1];
    all[0] = "log";
    System.arraycopy(args, 0, all, 1, args.length);
    return Commands.with((config, printer) -> 0, Map.of())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all);
  }
}
