package dev.reactorhub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.grpc.GrpcErrors;
import dev.reactorhub.web.HttpProblems;
import dev.reactorhub.wire.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents and the code say the same. */
final class DocsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");
  private static final Pattern METER = Pattern.compile("\"(reactorhub_\\w+)\"");
  private static final Set<String> COUNTERS =
      Set.of(
          "reactorhub_events_emitted",
          "reactorhub_consumer_acknowledged_events",
          "reactorhub_consumer_redelivered_events",
          "reactorhub_consumer_parked_events");
  private static final Pattern DOCUMENTED_METER = Pattern.compile("\\| `(reactorhub_\\w+)`");

  @Test
  void theErrorTableHoldsEveryCodeWithItsStatuses() throws IOException {
    List<String> documented =
        Files.readAllLines(ROOT.resolve("docs/protocol.md")).stream()
            .filter(line -> line.matches("\\| `[a-z_0-9]+` \\| \\d+ \\|.*"))
            .map(line -> line.substring(0, line.lastIndexOf(" | ")))
            .toList();

    assertThat(documented)
        .containsExactlyElementsOf(Arrays.stream(ErrorCode.values()).map(DocsTest::row).toList());
  }

  @Test
  void everyMetricIsDocumentedAndEveryDocumentedOneExists() throws IOException {
    Path observe = Path.of("src/main/java/dev/reactorhub/observe");
    String code =
        Files.readString(observe.resolve("HubMetrics.java"))
            + Files.readString(observe.resolve("ConsumerMetrics.java"));
    Set<String> registered =
        all(METER, code)
            .map(name -> COUNTERS.contains(name) ? name + "_total" : name)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> documented =
        all(DOCUMENTED_METER, Files.readString(ROOT.resolve("docs/metrics.md")))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).isEqualTo(registered).isNotEmpty();
  }

  @Test
  void everyTestThatAGuaranteeNamesExists() throws IOException {
    Set<String> tests = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      files.forEach(file -> tests.add(file.getFileName().toString().replace(".java", "")));
    }

    assertThat(tests)
        .containsAll(all(TEST, Files.readString(ROOT.resolve("docs/guarantees.md"))).toList());
  }

  @Test
  void everyFileThatADocumentLinksToExists() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      Stream<Path> all = Stream.concat(Stream.of(ROOT.resolve("README.md")), docs);
      for (Path doc : all.filter(path -> path.toString().endsWith(".md")).toList()) {
        all(LINK, Files.readString(doc))
            .forEach(
                link -> assertThat(doc.resolveSibling(link)).as("%s links to it", doc).exists());
      }
    }
  }

  private static String row(ErrorCode code) {
    return "| `"
        + code.code()
        + "` | "
        + HttpProblems.status(code).code()
        + " | "
        + GrpcErrors.code(code);
  }

  private static Stream<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1));
  }
}
