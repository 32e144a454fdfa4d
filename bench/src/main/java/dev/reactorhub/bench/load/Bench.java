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

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      description =
          "What to measure (default: all): ws, ws-rate, ws-stall, sse, idle, publish, grpc,"
              + " channels.")
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
    if (pairs < 1 || seconds < 1) {
      throw new CannotRunException("--pairs and --seconds must be 1 or more");
    }
    Workload.Effort effort = new Workload.Effort(pairs, seconds);
    List<Result> results = new ArrayList<>();
    all.keySet().retainAll(wanted(all.keySet()));
    for (Map.Entry<String, Workload> workload : all.entrySet()) {
      out.println("measuring " + workload.getKey() + "…");
      results.addAll(measure(workload.getValue(), effort));
    }
    Report report = new Report(LocalDate.now(ZoneOffset.UTC) + "-" + commit(), results);
    report.write(root.resolve("bench/results"));
    out.print("\n" + report.table());
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
    Path work = Files.createTempDirectory("hub-bench");
    try (Machine machine = new Machine(root, work)) {
      return workload.run(machine, effort);
    } finally {
      delete(work);
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
