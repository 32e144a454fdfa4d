package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.Event;
import dev.reactorhub.client.Filter;
import dev.reactorhub.client.HistoryPage;
import dev.reactorhub.client.NewEvent;
import dev.reactorhub.client.PublishResult;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.stream.WebSocketClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real hub on a machine whose clock is set while it runs, and while it does not. */
@Tag("world")
final class ClockJumpTest {
  /** How long the hub of the test keeps events and remembers ids. */
  private static final Duration KEPT = Duration.ofSeconds(12);

  /** The same for the hub that is started again: the time between does not count. */
  private static final Duration KEPT_AFTER_START = Duration.ofSeconds(6);

  /** An age may be wrong by a tenth. */
  private static final Duration KEPT_AT_LEAST = KEPT.multipliedBy(9).dividedBy(10);

  private static final int EVENTS_PER_SECOND = 50;

  /** Retention has had its turn, every 5 s, when so many events were published meanwhile. */
  private static final int A_TURN_OF_RETENTION = 6 * EVENTS_PER_SECOND;

  private static final String MARK = "mark_placed";
  private static final Filter MARKS = Filter.defaultChannel().ofTypes(MARK);

  @TempDir Path directory;
  private final List<Long> pids = new ArrayList<>();
  private Path offset;

  /** A process that is killed leaves there what the library shares among a program's processes. */
  @AfterEach
  void nothingIsLeftInSharedMemory() throws IOException {
    for (long pid : pids) {
      Files.deleteIfExists(Path.of("/dev/shm", "faketime_shm_" + pid));
      Files.deleteIfExists(Path.of("/dev/shm", "sem.faketime_sem_" + pid));
    }
  }

  @BeforeEach
  void clockIsRight() throws IOException {
    offset = directory.resolve("offset");
    setClock("+0");
  }

  @Test
  void aClockThatJumpsWhileTheHubRunsExpiresNothingEarlyAndEverythingInTheEnd() throws Exception {
    try (HubProcess hub = start(KEPT);
        ReactorClient client = ReactorClient.builder("127.0.0.1:" + hub.grpcPort()).build();
        WebSocketCrowd subscriber = new WebSocketCrowd(nanos -> {});
        PacedPublisher publisher = publisher(subscriber, hub, client);
        WebSocketClient quiet = quiet(hub)) {
      long markedNanos = System.nanoTime();
      assertThat(mark(client, "first").duplicate()).isFalse();

      setClock("+1d");
      awaitWorking(A_TURN_OF_RETENTION, publisher, subscriber, quiet);
      assertKept(client, markedNanos);

      setClock("-1d");
      awaitWorking(EVENTS_PER_SECOND, publisher, subscriber, quiet);
      assertKept(client, markedNanos);

      await().atMost(Duration.ofSeconds(60)).until(() -> marks(client).isEmpty());
      assertThat(sinceNanos(markedNanos)).isGreaterThanOrEqualTo(KEPT_AT_LEAST);
      await().until(() -> !mark(client, "first").duplicate());
      assertThat(subscriber.nextNumbers().getFirst()).isPositive();
      assertThat(quiet.isEnded()).isFalse();
      assertThat(hub.printed()).filteredOn(line -> line.contains("clock_jumped")).hasSize(2);
    }
  }

  @Test
  void aHubThatStartsADayBackGoesOnWhereItsLogEnds() throws Exception {
    try (HubProcess hub = start(Duration.ofMinutes(10));
        ReactorClient client = ReactorClient.builder("127.0.0.1:" + hub.grpcPort()).build()) {
      assertThat(mark(client, "before").duplicate()).isFalse();
      hub.kill();
    }
    setClock("-1d");
    try (HubProcess hub = start(KEPT_AFTER_START);
        ReactorClient client = ReactorClient.builder("127.0.0.1:" + hub.grpcPort()).build()) {
      assertThat(hub.printed()).anyMatch(line -> line.contains("clock_behind_the_log"));
      assertThat(mark(client, "before").duplicate()).isTrue();
      assertThat(mark(client, "after").duplicate()).isFalse();
      List<Event> events = client.history(MARKS, 10).events();
      assertThat(events).extracting(Event::id).containsExactly("before", "after");
      assertThat(events).extracting(Event::timestamp).isSortedAccordingTo(Instant::compareTo);

      await().atMost(Duration.ofSeconds(60)).until(() -> marks(client).isEmpty());
      await().until(() -> !mark(client, "before").duplicate());
    }
  }

  private static void assertKept(ReactorClient client, long markedNanos) {
    assertThat(mark(client, "first").duplicate()).isTrue();
    assertThat(marks(client)).containsExactly("first");
    assertThat(sinceNanos(markedNanos)).as("too slow to tell").isLessThan(KEPT_AT_LEAST);
  }

  /** Events flow, none missing, twice or out of order; and who gets none hears from the hub. */
  private static void awaitWorking(
      int events, PacedPublisher publisher, WebSocketCrowd subscriber, WebSocketClient quiet) {
    long numberThen = publisher.published() + events;
    long heartbeatsThen = heartbeats(quiet) + 1;
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                subscriber.nextNumbers().getFirst() > numberThen
                    && heartbeats(quiet) >= heartbeatsThen);
  }

  private static PacedPublisher publisher(
      WebSocketCrowd subscriber, HubProcess hub, ReactorClient client) throws IOException {
    subscriber.connect(hub.port(), 1);
    return new PacedPublisher(client, EVENTS_PER_SECOND, 100);
  }

  /** Wants nothing that is published, so that the hub speaks to it by itself. */
  private static WebSocketClient quiet(HubProcess hub) {
    return WebSocketClient.open(
        HttpClient.newHttpClient(), hub.endpoint().webSocket("?type=nothing_of_the_kind"));
  }

  private static long heartbeats(WebSocketClient quiet) {
    return quiet.count("reactor_position");
  }

  private static PublishResult mark(ReactorClient client, String id) {
    return client.publish(NewEvent.builder(MARK).id(id).dataJson("{}").build());
  }

  private static List<String> marks(ReactorClient client) {
    HistoryPage page = client.history(MARKS, 10);
    return page.events().stream().map(Event::id).toList();
  }

  private static Duration sinceNanos(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private HubProcess start(Duration kept) throws IOException {
    Map<String, String> faked =
        Map.of(
            "LD_PRELOAD", library().toString(),
            "FAKETIME_TIMESTAMP_FILE", offset.toString(),
            "FAKETIME_NO_CACHE", "1",
            "FAKETIME_DONT_FAKE_MONOTONIC", "1",
            // Else it takes the JVM's timed waits, which are monotonic, for ones of the wall clock.
            "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    List<String> settings = new ArrayList<>();
    for (String setting :
        List.of(
            "log.retention.age=" + kept,
            "log.dedup.window=" + kept,
            "web.heartbeat=1s",
            "web.idle=3s",
            "sources.host-metrics.interval=0",
            "sources.heartbeat.interval=0")) {
      settings.add("--set");
      settings.add(setting);
    }
    HubProcess hub =
        HubProcess.start(
            HubLaunch.PLAIN.withEnvironment(faked),
            directory.resolve("data"),
            settings.toArray(String[]::new));
    pids.add(hub.pid());
    return hub;
  }

  /** Whole at any moment: the hub's process reads it each time that it looks at the clock. */
  private void setClock(String time) throws IOException {
    Path next = directory.resolve("next");
    Files.writeString(next, time + "\n");
    Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path library() throws IOException {
    try (Stream<Path> found = Files.find(Path.of("/usr/lib"), 3, (file, of) -> isLibrary(file))) {
      return found
          .findFirst()
          .orElseThrow(() -> new AssertionError("libfaketimeMT.so.1 is missing: install faketime"));
    }
  }

  private static boolean isLibrary(Path file) {
    return file.endsWith("faketime/libfaketimeMT.so.1");
  }
}
