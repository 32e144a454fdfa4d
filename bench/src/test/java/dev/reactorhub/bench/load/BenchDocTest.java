package dev.reactorhub.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code docs/performance.md} and the command say the same. */
final class BenchDocTest {
  private static final Path DOC = Path.of("../docs/performance.md");

  @Test
  void everyOptionIsInTheTableAndNoOther() throws IOException {
    List<String> options =
        new CommandLine(new Bench(Path.of(".."), System.out))
            .getCommandSpec().options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .map(
                    option ->
                        option.arity().max() == 0
                            ? "| `%s` | none | none |".formatted(option.longestName())
                            : "| `%s` | `%s` | `%s` |"
                                .formatted(
                                    option.longestName(),
                                    option.paramLabel(),
                                    option.defaultValue()))
                .toList();

    assertThat(rows("| `--").map(row -> row.replaceFirst("[^|]*\\|$", "")))
        .containsExactlyInAnyOrderElementsOf(options);
  }

  @Test
  void everyWorkloadIsInTheTableAndNoOther() throws IOException {
    assertThat(rows("| workload `").map(row -> row.split("`", -1)[1]))
        .containsExactlyElementsOf(Workload.all().keySet());
  }

  private static Stream<String> rows(String beginning) throws IOException {
    return Files.readAllLines(DOC).stream().filter(line -> line.startsWith(beginning));
  }
}
