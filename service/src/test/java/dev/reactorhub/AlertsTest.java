package dev.reactorhub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The alerts and the dashboard: right for Prometheus, and at one with the documents. */
final class AlertsTest {
  private static final Path FILES = Path.of("../helm/reactor-hub/files");
  private static final Path RULES = FILES.resolve("alerts.yaml");
  private static final Path RULES_TEST = Path.of("src/test/resources/alerts.test.yaml");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Pattern RUNBOOK = Pattern.compile("(?m)^### (ReactorHub\\w+)$");
  private static final Pattern NAME = Pattern.compile("\\b(?:reactorhub|jvm|process|system)_\\w+");
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\|");

  @TempDir Path temporary;

  @Test
  void prometheusTakesTheRules() throws Exception {
    assertThat(promtool("check", "rules", RULES.toString())).contains("SUCCESS");
  }

  @Test
  void eachAlertComesWhenItShouldAndNotBefore() throws Exception {
    assertThat(promtool("test", "rules", RULES_TEST.toString())).contains("SUCCESS");

    String tests = Files.readString(RULES_TEST);
    for (String alert : alerts()) {
      assertThat(tests)
          .as("%s is tested to come", alert)
          .containsPattern("alertname: " + alert + "\n +exp_alerts:\n");
      if (!alert.equals("ReactorHubDiskFull")) {
        assertThat(tests).contains("alertname: " + alert + "\n        exp_alerts: []");
      }
    }
  }

  @Test
  void eachAlertHasItsRunbookAndEachRunbookItsAlert() throws IOException {
    String operations = Files.readString(Path.of("../docs/operations.md"));
    List<String> runbooks =
        RUNBOOK.matcher(operations).results().map(found -> found.group(1)).toList();

    assertThat(runbooks).containsExactlyElementsOf(alerts());
    for (JsonNode rule : rules()) {
      assertThat(rule.at("/annotations/runbook").asText())
          .isEqualTo("docs/operations.md#" + rule.path("alert").asText().toLowerCase(Locale.ROOT));
      assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
    }
  }

  @Test
  void everyMetricOfTheAlertsAndTheDashboardIsDocumented() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    DOCUMENTED
        .matcher(Files.readString(Path.of("../docs/metrics.md")))
        .results()
        .forEach(row -> documented.put(row.group(1), row.group(2)));
    Set<String> known = new TreeSet<>();
    documented.forEach(
        (name, type) ->
            known.addAll(
                switch (type) {
                  case "histogram" -> Set.of(name + "_bucket", name + "_sum", name + "_count");
                  case "summary" -> Set.of(name + "_sum", name + "_count");
                  default -> Set.of(name);
                }));

    assertThat(known).containsAll(names(rules().findValuesAsText("expr").stream()));
    assertThat(known).containsAll(names(expressions().stream()));
  }

  @Test
  void prometheusTakesWhatTheDashboardAsks() throws Exception {
    List<String> lines = new ArrayList<>(List.of("groups:", "- name: panels", "  rules:"));
    for (String expression : expressions()) {
      lines.add("  - record: panel" + lines.size());
      lines.add(
          "    expr: " + MAPPER.writeValueAsString(expression.replace("$__rate_interval", "5m")));
    }
    Path file = Files.write(temporary.resolve("panels.yaml"), lines);

    assertThat(promtool("check", "rules", file.toString())).contains("SUCCESS");
  }

  @Test
  void everyPanelHasATitleSaysWhatItShowsAndHasAPlaceOfItsOwn() throws IOException {
    Set<String> ids = new HashSet<>();
    Set<String> cells = new HashSet<>();
    for (JsonNode panel : dashboard().get("panels")) {
      assertThat(ids.add(panel.get("id").asText())).as("id of %s", panel).isTrue();
      assertThat(panel.path("title").asText()).isNotEmpty();
      if (!panel.get("type").asText().equals("row")) {
        assertThat(panel.path("description").asText()).endsWith(".");
        assertThat(panel.path("targets")).isNotEmpty();
      }
      JsonNode place = panel.get("gridPos");
      for (int x = 0; x < place.get("w").asInt(); x++) {
        for (int y = 0; y < place.get("h").asInt(); y++) {
          String cell = (place.get("x").asInt() + x) + "/" + (place.get("y").asInt() + y);
          assertThat(cells.add(cell)).as("%s is free for %s", cell, panel.get("title")).isTrue();
        }
      }
    }
  }

  @Test
  void whatIsInSecondsOrBytesIsShownInThem() throws IOException {
    for (JsonNode panel : dashboard().get("panels")) {
      for (JsonNode target : panel.path("targets")) {
        assertThat(unit(panel, target.get("refId").asText()))
            .as("unit of %s in %s", target.get("expr"), panel.get("title"))
            .matches(units(target.get("expr").asText()));
      }
    }
  }

  /** An "All" of its own would show every JVM that this Prometheus knows. */
  @Test
  void allHubsMeansThoseThatAreHubs() throws IOException {
    JsonNode variables = dashboard().at("/templating/list");

    assertThat(variables.findValuesAsText("name")).containsExactly("datasource", "job", "instance");
    assertThat(variables.findValues("allValue")).isEmpty();
  }

  private static String unit(JsonNode panel, String refId) {
    for (JsonNode override : panel.at("/fieldConfig/overrides")) {
      if (override.at("/matcher/options").asText().equals(refId)) {
        return override.at("/properties/0/value").asText();
      }
    }
    return panel.at("/fieldConfig/defaults/unit").asText();
  }

  private static String units(String expression) {
    if (expression.contains("_seconds_bucket")
        || expression.contains("_seconds_max")
        || expression.startsWith("time() - ")) {
      return "s";
    }
    if (expression.contains("_bytes_total")) {
      return "Bps";
    }
    return expression.contains("_bytes") ? "bytes" : "(?!s$|bytes$|Bps$).+";
  }

  private static List<String> alerts() throws IOException {
    return rules().findValuesAsText("alert");
  }

  private static JsonNode rules() throws IOException {
    Object file = new Yaml().load(Files.readString(RULES));
    return MAPPER.valueToTree(file).at("/groups/0/rules");
  }

  private static JsonNode dashboard() throws IOException {
    return MAPPER.readTree(Files.readString(FILES.resolve("dashboard.json")));
  }

  private static List<String> expressions() throws IOException {
    return dashboard().get("panels").findValuesAsText("expr");
  }

  private static Set<String> names(Stream<String> expressions) {
    return expressions
        .flatMap(expression -> NAME.matcher(expression).results().map(found -> found.group()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String promtool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}
