package dev.reactorhub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code docs/cli.md} and the commands say the same. */
final class CliDocTest {
  private static final Path DOC = Path.of("../docs/cli.md");
  private static final Path LAUNCHER = Path.of("../hub");

  @Test
  void theTablesHoldEveryOptionAsItIsAndNoOther() throws IOException {
    Map<String, List<String>> inCode = new TreeMap<>();
    CommandLine hub = Commands.with((config, out) -> 0, Map.of());
    addRows(hub, inCode);

    Map<String, List<String>> documented = documented();
    // The launcher's own commands; those of bench are compared where it is.
    assertThat(documented.remove("## hub bench")).isEmpty();
    assertThat(documented.remove("## hub image")).isEmpty();
    assertThat(documented.remove("## hub test")).isEmpty();
    assertThat(documented).isEqualTo(inCode);
  }

  @Test
  void theLauncherKnowsEveryCommandAndSaysSo() throws IOException {
    List<String> launcher = Files.readAllLines(LAUNCHER);
    for (String command : Commands.with((config, out) -> 0, Map.of()).getSubcommands().keySet()) {
      assertThat(launcher).as(command).anyMatch(line -> line.matches("  " + command + " +[a-z].*"));
      assertThat(launcher)
          .as(command)
          .anyMatch(line -> line.matches("  (.* )?" + command + " (.*)?[)] ;;"));
    }
  }

  /** A section for each command that does something itself. */
  private static void addRows(CommandLine parent, Map<String, List<String>> sections) {
    for (CommandLine command : parent.getSubcommands().values()) {
      if (command.getSubcommands().isEmpty()) {
        sections.put("## " + command.getCommandSpec().qualifiedName(), rows(command));
      } else {
        addRows(command, sections);
      }
    }
  }

  private static Map<String, List<String>> documented() throws IOException {
    Map<String, List<String>> tables = new TreeMap<>();
    List<String> table = new ArrayList<>();
    for (String line : Files.readAllLines(DOC)) {
      if (line.startsWith("## ")) {
        table = new ArrayList<>();
        tables.put(line, table);
      } else if (line.startsWith("| `")) {
        table.add(line);
      }
    }
    return tables;
  }

  private static List<String> rows(CommandLine command) {
    return command.getCommandSpec().options().stream()
        .filter(option -> !option.usageHelp())
        .map(CliDocTest::row)
        .sorted()
        .toList();
  }

  private static String row(OptionSpec option) {
    String value = option.arity().max() == 0 ? "none" : "`" + option.paramLabel() + "`";
    return "| `%s` | %s | %s |"
        .formatted(option.longestName(), value, String.join(" ", option.description()));
  }
}
