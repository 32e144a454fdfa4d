package dev.reactorhub.web.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The Autobahn suite's fuzzing client against an echo endpoint: every case but 12 and 13
 * (compression is not negotiated). One to four minutes, most of it group 9 (performance).
 *
 * <p>The suite is Python and runs on Jython in a process of its own; the build puts both into
 * {@code target/autobahn}.
 */
@Tag("autobahn")
final class AutobahnTest {
  private static final Path SUITE = Path.of("target", "autobahn").toAbsolutePath();
  private static final Duration TIME_MAX = Duration.ofMinutes(10);
  private static final int CORE_CASES = 301;

  /** Both tallies, of the exchange and of how the connection was closed, allow these. */
  private static final Set<String> PASSED = Set.of("OK", "NON-STRICT", "INFORMATIONAL");

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void everyCoreCaseOfTheAutobahnSuitePasses() throws Exception {
    JsonNode results;
    WsSettings settings =
        new WsSettings(
            64 << 20, // group 9 echoes messages of 16 MiB
            Duration.ofSeconds(25),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));
    try (WsTestServer server =
        new WsTestServer(
            WsConnections.start(settings),
            handshake -> HandshakeDecision.accept(),
            EchoListener::new)) {
      results = runSuite(server.port());
    }

    Map<String, Integer> tally = new TreeMap<>();
    List<String> failed = new ArrayList<>();
    for (Map.Entry<String, JsonNode> result : results.properties()) {
      String behavior = result.getValue().get("behavior").asText();
      String close = result.getValue().get("behaviorClose").asText();
      tally.merge(behavior, 1, Integer::sum);
      if (!PASSED.contains(behavior) || !PASSED.contains(close)) {
        failed.add(result.getKey() + ": " + behavior + ", closing " + close);
      }
    }
    System.out.println("Autobahn: " + results.size() + " cases, " + tally);
    assertThat(failed).isEmpty();
    assertThat(results.size()).isGreaterThanOrEqualTo(CORE_CASES);
  }

  private static JsonNode runSuite(int port) throws Exception {
    Path reports = Files.createDirectories(SUITE.resolve("reports"));
    Files.deleteIfExists(reports.resolve("index.json"));
    Path spec = SUITE.resolve("spec.json");
    Files.writeString(
        spec,
        """
        {
          "outdir": "%s",
          "servers": [{"agent": "reactor-hub", "url": "ws://127.0.0.1:%d/ws"}],
          "cases": ["*"],
          "exclude-cases": ["12.*", "13.*"],
          "exclude-agent-cases": {}
        }
        """
            .formatted(reports, port));
    Path log = SUITE.resolve("wstest.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--add-opens",
                "java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dpython.cachedir=" + SUITE.resolve("cache"),
                "-jar",
                SUITE.resolve("jython.jar").toString(),
                script().toString(),
                SUITE.resolve("autobahn.jar").toString(),
                spec.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(TIME_MAX.toSeconds(), TimeUnit.SECONDS))
          .as("wstest ended within %s; see %s", TIME_MAX, log)
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    Path index = reports.resolve("index.json");
    assertThat(index).as("the report of wstest; see %s", log).exists();
    return readReport(index);
  }

  private static JsonNode readReport(Path index) throws IOException {
    return JSON.readTree(index.toFile()).get("reactor-hub");
  }

  private static Path script() throws URISyntaxException {
    URL url = Objects.requireNonNull(AutobahnTest.class.getResource("/autobahn/run.py"));
    return Path.of(url.toURI());
  }
}
