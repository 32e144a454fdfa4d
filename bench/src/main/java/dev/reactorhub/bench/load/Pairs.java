package dev.reactorhub.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reactorhub.bench.load.Result.Target;
import dev.reactorhub.bench.load.Workload.Effort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Reference and hub measured in turns, so that both see the machine as it is at that moment. The
 * result is the median of the ratios. A reference in which something went wrong is not compared
 * with; what goes wrong at the hub is its result.
 */
final class Pairs {
  /** The numbers in a report that must be 0. */
  private static final List<String> FAULTS =
      List.of(
          "missing",
          "unpublished",
          "lost_events",
          "dups",
          "unknown",
          "reorder",
          "dead",
          "pub_err",
          "stalled_short",
          "storm_short");

  private final String unit;
  private final ToDoubleFunction<JsonNode> figure;
  private final List<Double> ratios = new ArrayList<>();
  private final List<String> figures = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  /**
   * @param figure taken from a report
   */
  Pairs(String unit, ToDoubleFunction<JsonNode> figure) {
    this.unit = unit;
    this.figure = figure;
  }

  /** One measurement. */
  interface Measurement {
    JsonNode run() throws IOException;
  }

  Pairs measure(Effort effort, Measurement reference, Measurement hub) throws IOException {
    for (int pair = 0; pair < effort.pairs(); pair++) {
      JsonNode referenceReport = reference.run();
      if (!faults(referenceReport).isEmpty()) {
        throw new CannotRunException("the reference failed: " + faults(referenceReport));
      }
      JsonNode hubReport = hub.run();
      faults.addAll(faults(hubReport));
      double referenceFigure = figure.applyAsDouble(referenceReport);
      double hubFigure = figure.applyAsDouble(hubReport);
      ratios.add(hubFigure / referenceFigure);
      figures.add(
          Report.number(hubFigure)
              + " to "
              + Report.number(referenceFigure)
              + " "
              + unit
              + probes(referenceReport, hubReport)
              + storm(hubReport));
    }
    return this;
  }

  Result result(String workload, String reference, Target target) {
    double ratio = Result.median(ratios.stream().mapToDouble(Double::doubleValue).toArray());
    return new Result(workload, reference, ratio, target, figures, faults);
  }

  private static List<String> faults(JsonNode report) {
    return FAULTS.stream()
        .filter(name -> report.path(name).asDouble() != 0)
        .map(name -> name + " " + report.get(name).asText())
        .toList();
  }

  /** What there was to catch up with meanwhile. */
  private static String storm(JsonNode report) {
    return report.has("storms")
        ? ", in "
            + report.get("storms").asInt()
            + " storms of "
            + Report.number(report.get("storm_per_s").asDouble())
            + " events/s"
        : "";
  }

  /** How far apart the two cores were, before and after, in ns. */
  private static String probes(JsonNode reference, JsonNode hub) {
    return reference.has("probe0") && hub.has("probe0")
        ? " (cores "
            + hub.get("probe0").asInt()
            + "/"
            + hub.get("probe1").asInt()
            + " to "
            + reference.get("probe0").asInt()
            + "/"
            + reference.get("probe1").asInt()
            + " ns)"
        : "";
  }
}
