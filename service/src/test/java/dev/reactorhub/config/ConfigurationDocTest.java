package dev.reactorhub.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} and the registry say the same. */
final class ConfigurationDocTest {
  private static final Path DOC = Path.of("../docs/configuration.md");

  @Test
  void theTableHoldsEveryKeyAsItIsAndNoOther() throws IOException {
    List<String> documented =
        Files.readAllLines(DOC).stream().filter(line -> line.startsWith("| `")).toList();

    assertThat(documented)
        .containsExactlyElementsOf(ConfigKeys.ALL.stream().map(ConfigurationDocTest::row).toList());
  }

  @Test
  void everyKeyIsInTheListOnceAndHasAVariableOfItsOwn() {
    assertThat(ConfigKeys.ALL).doesNotHaveDuplicates();
    assertThat(ConfigKeys.ALL.stream().map(Key::variable)).doesNotHaveDuplicates();
    for (var field : ConfigKeys.class.getFields()) {
      if (field.getType() == Key.class) {
        assertThat(ConfigKeys.ALL.stream().anyMatch(valueOf(field)::equals)).isTrue();
      }
    }
  }

  private static Object valueOf(java.lang.reflect.Field field) {
    try {
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static String row(Key<?> key) {
    String byDefault = key.defaultText().isEmpty() ? "none" : "`" + key.defaultText() + "`";
    return String.join(
        " | ",
        "| `" + key.name() + "`",
        "`" + key.variable() + "`",
        byDefault,
        key.rule(),
        key.meaning() + " |");
  }
}
