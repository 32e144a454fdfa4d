package dev.reactorhub.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The table of a run.
 *
 * @param failures what could not be measured, and why
 */
record Report(String name, List<Result> results, List<String> failures) {
  Report {
    results = List.copyOf(results);
    failures = List.copyOf(failures);
  }

  boolean isAllMet() {
    return results.stream().allMatch(Result::isMet);
  }

  /** Two to three significant digits, without an exponent. */
  static String number(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(3));
    return rounded.stripTrailingZeros().toPlainString();
  }

  String table() {
    String rows = results.stream().map(Report::row).collect(Collectors.joining("\n"));
    String details = results.stream().map(Report::details).collect(Collectors.joining("\n"));
    return """
    | workload | reference = 1.0 | hub | target | met |
    |---|---|---|---|---|
    """
        + rows
        + "\n\n"
        + details
        + "\n"
        + failures.stream()
            .map(failure -> "- could not run " + failure + "\n")
            .collect(Collectors.joining());
  }

  private static String details(Result result) {
    return "- "
        + result.workload()
        + ": "
        + String.join("; ", result.figures())
        + (result.faults().isEmpty() ? "" : "; FAULTS: " + String.join(", ", result.faults()));
  }

  /** Writes the table and the figures, as {@code name.md} and {@code name.json}. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(name + ".md"), "# " + name + "\n\n" + table());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(folder.resolve(name + ".json").toFile(), results);
  }

  private static String row(Result result) {
    return String.join(
        " | ",
        "| " + result.workload(),
        result.reference(),
        number(result.ratio()),
        result.target().toString(),
        (result.isMet() ? "yes" : "no") + " |");
  }
}
