package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.app.Container.Ended;
import dev.reactorhub.client.NewEvent;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.stream.WebSocketClient;
import dev.reactorhub.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The container image, run as an operator would, without Docker's daemon. */
@Tag("image")
final class ImageTest {
  private static final System.Logger LOGGER = System.getLogger(ImageTest.class.getName());

  /** What the image may grow to, unpacked. It grows by a new library, not by chance. */
  private static final long IMAGE_BYTES_MAX = 210_000_000;

  /** The exit code of a hub that was asked to end. */
  private static final int STOPPED = 0;

  private static final String TYPE = "order_placed";
  private static final String SERVICE = "/opt/reactorhub/service.jar";

  /** As strict as Kubernetes' restricted policy, and stricter: nothing can be written but /data. */
  private static final List<String> LOCKED_DOWN =
      List.of(
          "--read-only",
          "--read-only-tmpfs=false",
          "--cap-drop=all",
          "--security-opt=no-new-privileges");

  private static final int SETUID_AND_SETGID = 06000;
  private static final int WRITABLE_BY_ALL = 02;
  private static final int STICKY = 01000;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void theImageIsSmallAndSaysWhatItIs() throws Exception {
    long bytes = Long.parseLong(describe("{{.Size}}"));
    report("image, unpacked", bytes / 1_000_000 + " MB");

    assertThat(bytes).isLessThan(IMAGE_BYTES_MAX);
    assertThat(describe("{{.Config.User}}")).isEqualTo("65532:65532");
    assertThat(describe("{{json .Config.Volumes}}")).isEqualTo("{\"/data\":{}}");
    assertThat(describe("{{json .Config.ExposedPorts}}")).contains("8080/tcp", "9090/tcp");
    // Java is the first process itself: a shell in between would not hand SIGTERM on.
    assertThat(describe("{{index .Config.Entrypoint 0}}")).endsWith("/bin/java");
    assertThat(describe("{{json .Labels}}"))
        .contains(
            "\"org.opencontainers.image.title\":\"Reactor Hub\"",
            "\"org.opencontainers.image.licenses\":\"Apache-2.0\"")
        .containsPattern("\"org.opencontainers.image.version\":\"\\d+\\.\\d+\\.\\d+")
        .containsPattern("\"org.opencontainers.image.revision\":\"[0-9a-f]{40}\"");
  }

  @Test
  void thereIsNoShellAndNothingThatGivesOtherRights() throws Exception {
    Path root = Path.of(Container.podman("image", "mount", Container.image()));
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> all = files.toList();

      assertThat(all).hasSizeGreaterThan(100);
      assertThat(all.stream().filter(file -> has(file, SETUID_AND_SETGID))).isEmpty();
      assertThat(all.stream().filter(ImageTest::isWritableByAll)).isEmpty();
      assertThat(binaries(all)).containsExactlyInAnyOrder("java", "jfr", "keytool");
    } finally {
      Container.podman("image", "unmount", Container.image());
    }
  }

  @Test
  void withNothingWritableButItsDataTheHubDoesAllItDoes() throws Exception {
    try (ContainerVolume volume = ContainerVolume.create();
        Container container = start(volume, LOCKED_DOWN)) {
      report("ready after podman had started it", container.awaitReady() + " ms");
      HubHttp hub = hub(container);

      assertThat(container.user()).isEqualTo("65532:65532");
      publish(hub, "HTTP");
      publishOverGrpc(container, "gRPC");
      assertThat(publishInside(container, "the command line, außer Haus").code()).isZero();
      assertThat(published(hub)).containsExactly("HTTP", "gRPC", "the command line, außer Haus");
      for (String path : List.of("/", "/static/js/reactor.js", "/observe/metrics")) {
        assertThat(container.status(path)).as(path).isEqualTo(200);
      }
      // Native libraries are found, and nothing is complained of but what an operator must know.
      await().until(() -> !hub.history("system_health_check").isEmpty());
      assertThat(container.logs().lines().filter(line -> line.matches(".* (WARNING|SEVERE) .*")))
          .singleElement()
          .asString()
          .contains("open_to_the_network");
      report("memory at rest", mebibytes(container));
    }
  }

  @Test
  void sigtermTellsClientsToComeBackAndTheNextContainerHasTheSameLog() throws Exception {
    try (ContainerVolume volume = ContainerVolume.create()) {
      try (Container container = start(volume, LOCKED_DOWN)) {
        container.awaitReady();
        publish(hub(container), "o1");
        publish(hub(container), "o2");
        try (WebSocketClient client = connect(container)) {
          await().until(() -> client.count("reactor_connected") == 1);

          assertThat(container.stop()).isEqualTo(STOPPED);
          assertThat(client.closeCode()).isEqualTo(1012);
          assertThat(client.count("reactor_going_away")).isEqualTo(1);
        }
      }
      assertThat(verify(volume)).startsWith("sound, events looked at: ");
      try (Container container = start(volume, LOCKED_DOWN)) {
        container.awaitReady();
        assertThat(published(hub(container))).containsExactly("o1", "o2");
      }
    }
  }

  @Test
  void aRandomUserOfGroupZeroMayRunIt() throws Exception {
    try (ContainerVolume volume = ContainerVolume.create();
        Container container = start(volume, with(LOCKED_DOWN, "--user=12345:0"))) {
      container.awaitReady();

      assertThat(container.user()).isEqualTo("12345:0");
      publish(hub(container), "o1");
      assertThat(published(hub(container))).containsExactly("o1");
    }
  }

  @Test
  void in512MebibytesTheHeapTakesHalfAndALoadOnEveryFaceIsCarried() throws Exception {
    List<String> small = with(LOCKED_DOWN, "--memory=512m", "--memory-swap=512m", "--cpus=1");
    List<String> run = with(List.of("run"), Workload.OPTIONS.toArray(String[]::new));
    try (ContainerVolume volume = ContainerVolume.create();
        Container container = start(volume, small, run.toArray(String[]::new))) {
      report("the same, on one processor", container.awaitReady() + " ms");
      assertThat(container.heapMebibytesMax()).isEqualTo(256);
      assertThat(container.heapMebibytesMax("-XX:MaxRAMPercentage=25")).isEqualTo(128);

      try (Workload workload = new Workload(1, container.endpoint())) {
        workload.awaitAcknowledged(3_000);
        Workload.Result result = workload.finish();
        assertThat(result.violations()).isEmpty();
        assertThat(result.lost()).isZero();
      }
      report("memory under a load on every face", mebibytes(container));
      assertThat(container.inspect("{{.State.Status}} {{.State.OOMKilled}}"))
          .isEqualTo("running false");
    }
  }

  @Test
  void theHealthcheckIsTrueOfAHubThatIsReadyAndFalseOfOthers() throws Exception {
    List<String> fullSoon = with(LOCKED_DOWN, "--user=65532:0", "--tmpfs=/data:rw,size=48m");
    try (Container container = Container.start(Container.freePorts(), fullSoon)) {
      container.awaitReady();
      assertThat(container.healthcheck().code()).isZero();

      Ended elsewhere =
          container.healthcheckWith("REACTORHUB_SERVER_PORT=" + Container.freePorts().port());
      assertThat(elsewhere.code()).isEqualTo(1);
      assertThat(elsewhere.printed()).contains("no answer from http://127.0.0.1:");

      fill(hub(container));
      assertThat(container.healthcheck().code()).isEqualTo(1);
      assertThat(container.healthcheckWith("REACTORHUB_LOG_DURABILITY=fsync").printed())
          .contains("not ready: HTTP 503", "\"status\":\"DOWN\"");
    }
  }

  @Test
  void theAotCacheBelongsToTheProgramAndItsRuntime() throws Exception {
    // With this mode Java ends when it cannot use the cache; by itself it goes on without.
    assertThat(runOnce(List.of("--env=JDK_JAVA_OPTIONS=-XX:AOTMode=on"), "--help"))
        .contains("Usage: hub");
  }

  private static Container start(ContainerVolume volume, List<String> options, String... args)
      throws IOException, InterruptedException {
    return Container.start(Container.freePorts(), with(options, volume.mounted()), args);
  }

  private static HubHttp hub(Container container) {
    return new HubHttp(container.endpoint().port());
  }

  private static void publish(HubHttp hub, String from) throws Exception {
    HubHttp.Answer answer = hub.publish("{\"type\":\"%s\",\"data\":\"%s\"}".formatted(TYPE, from));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
  }

  private static void publishOverGrpc(Container container, String from) {
    try (ReactorClient client = ReactorClient.builder(grpc(container)).build()) {
      client.publish(NewEvent.of(TYPE, '"' + from + '"'));
    }
  }

  /** With the program in the container, and its runtime. */
  private static Ended publishInside(Container container, String from) throws Exception {
    return container.exec(
        "java",
        "-jar",
        SERVICE,
        "publish",
        "--server",
        grpc(container),
        "--type",
        TYPE,
        "--data",
        '"' + from + '"');
  }

  private static String grpc(Container container) {
    return "127.0.0.1:" + container.endpoint().grpcPort();
  }

  /** The data of what was published, in order. */
  private static List<String> published(HubHttp hub) throws Exception {
    return hub.history(TYPE).stream().map(event -> event.get("data").asText()).toList();
  }

  /** Publishes until the disk takes no more. */
  private static void fill(HubHttp hub) throws Exception {
    byte[] random = new byte[600_000];
    SplittableRandom seeded = new SplittableRandom(1);
    HubHttp.Answer answer;
    do {
      seeded.nextBytes(random);
      String data = Base64.getEncoder().encodeToString(random);
      answer = hub.publish("{\"type\":\"%s\",\"data\":\"%s\"}".formatted(TYPE, data));
    } while (answer.status() == 200);
    assertThat(answer.code()).isEqualTo("disk_full");
  }

  private WebSocketClient connect(Container container) {
    return WebSocketClient.open(http, container.endpoint().webSocket(""));
  }

  /** Has the image's own program look at a log. */
  private static String verify(ContainerVolume volume) throws Exception {
    return runOnce(volume.mounted(), "log", "verify", "--data", "/data");
  }

  private static String runOnce(List<String> options, String... args) throws Exception {
    List<String> command = with(List.of("run", "--rm", "--pull=never"), options);
    command.add(Container.image());
    return Container.podman(with(command, args).toArray(String[]::new));
  }

  private static String describe(String field) throws Exception {
    return Container.podman("image", "inspect", "--format", field, Container.image());
  }

  private static List<String> binaries(List<Path> files) {
    return files.stream()
        .map(Path::toString)
        .filter(file -> file.matches(".*/s?bin/[^/]+"))
        .map(file -> file.substring(file.lastIndexOf('/') + 1))
        .toList();
  }

  /** Whether everybody may write; those who may only add files of their own do no harm. */
  private static boolean isWritableByAll(Path file) {
    return has(file, WRITABLE_BY_ALL) && !has(file, STICKY) && !Files.isSymbolicLink(file);
  }

  private static boolean has(Path file, int modes) {
    try {
      int mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      return (mode & modes) != 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> with(List<String> options, String... more) {
    return with(options, List.of(more));
  }

  private static List<String> with(List<String> options, List<String> more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(more);
    return all;
  }

  /** What is stated of the image and not held: it depends on the machine. */
  private static void report(String what, String figure) {
    LOGGER.log(System.Logger.Level.INFO, what + ": " + figure);
  }

  private static String mebibytes(Container container) throws IOException {
    return (container.residentBytesMax() >> 20) + " MiB";
  }
}
