package dev.reactorhub.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./hub bench}. Exit code 0: every target met; 1: not all; 2: could not run. */
@Command(
    name = "hub bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures the hub beside a reference server, prints a table and writes it to"
            + " bench/results.",
    sortOptions = false)
final class Bench implements Callable<Integer> {
  private static final int NOT_MET = 1;
  private static final int CANNOT_RUN = 2;

  /** With what comes before and after, less than limits.no-progress. */
  private static final int SECONDS_MAX = 20;

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      description =
          "What to measure (default: all): ws, ws-rate, ws-stall, sse, idle, publish, grpc,"
              + " channels, storm.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Pairs of reference and hub; the median counts (default: ${DEFAULT-VALUE}).")
  private int pairs;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "4",
      description = "Length of one measurement (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--keep",
      description = "Keep the folders of the runs, with logs and data, under bench/target/load.")
  private boolean isKept;

  private final Path root;
  private final PrintStream out;

  Bench(Path root, PrintStream out) {
    this.root = root;
    this.out = out;
  }

  public static void main(String[] arguments) {
    Bench bench = new Bench(Path.of(System.getProperty("hub.root", ".")), System.out);
    int code =
        new CommandLine(bench)
            .setExecutionExceptionHandler(
                (e, line, result) -> {
                  line.getErr().println("hub bench: " + e.getMessage());
                  return CANNOT_RUN;
                })
            .execute(arguments);
    System.exit(code);
  }

  @Override
  public Integer call() throws IOException {
    Map<String, Workload> all = Workload.all();
    if (pairs < 1 || seconds < 1 || seconds > SECONDS_MAX) {
      throw new CannotRunException(
          "--pairs must be 1 or more, --seconds 1 to "
              + SECONDS_MAX
              + ": beyond that a hub cuts the stalled clients");
    }
    Workload.Effort effort = new Workload.Effort(pairs, seconds);
    List<Result> results = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    all.keySet().retainAll(wanted(all.keySet()));
    for (Map.Entry<String, Workload> workload : all.entrySet()) {
      out.println("measuring " + workload.getKey() + "…");
      try {
        results.addAll(measure(workload.getValue(), effort));
      } catch (CannotRunException e) {
        failures.add(workload.getKey() + ": " + e.getMessage());
      }
    }
    Report report = new Report(LocalDate.now(ZoneOffset.UTC) + "-" + commit(), results, failures);
    if (!results.isEmpty()) {
      report.write(root.resolve("bench/results"));
    }
    out.print("\n" + report.table());
    if (!failures.isEmpty()) {
      return CANNOT_RUN;
    }
    return report.isAllMet() ? 0 : NOT_MET;
  }

  private Collection<String> wanted(Set<String> known) {
    for (String name : names) {
      if (!known.contains(name)) {
        throw new CannotRunException(
            "no such workload: " + name + "; there are " + String.join(", ", known));
      }
    }
    return names.isEmpty() ? Set.copyOf(known) : names;
  }

  private List<Result> measure(Workload workload, Workload.Effort effort) throws IOException {
    // Beside the sources, not where temporary files go: those may be in memory, where a sync is
    // free.
    Path runs = Files.createDirectories(root.toAbsolutePath().resolve("bench/target/load"));
    Path work = Files.createTempDirectory(runs, "run");
    try (Machine machine = new Machine(root, work)) {
      return workload.run(machine, effort);
    } finally {
      if (!isKept) {
        delete(work);
      }
    }
  }

  private String commit() throws IOException {
    Process git =
        new ProcessBuilder("git", "-C", root.toString(), "describe", "--always", "--dirty")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String name = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return name.isEmpty() ? "unknown" : name;
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
