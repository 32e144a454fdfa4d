package dev.reactorhub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples that {@code docs/clients.md} shows are the files that are run. */
final class ClientsDocTest {
  private static final Path ROOT = Path.of("..");
  private static final Path EXAMPLES = ROOT.resolve("client-sdk/python-example");
  private static final Pattern SHOWN =
      Pattern.compile("<!-- file: (\\S+) -->\\R```\\w+\\R(.*?)```\\R", Pattern.DOTALL);

  @Test
  void eachExampleIsShownAsItIs() throws IOException {
    List<MatchResult> shown =
        SHOWN.matcher(Files.readString(ROOT.resolve("docs/clients.md"))).results().toList();
    for (MatchResult example : shown) {
      assertThat(example.group(2)).isEqualTo(Files.readString(ROOT.resolve(example.group(1))));
    }

    try (Stream<Path> files = Files.list(EXAMPLES)) {
      assertThat(shown.stream().map(example -> ROOT.resolve(example.group(1))))
          .containsExactlyInAnyOrderElementsOf(
              files.filter(file -> file.toString().matches(".*\\.(py|sh)")).toList());
    }
  }
}
