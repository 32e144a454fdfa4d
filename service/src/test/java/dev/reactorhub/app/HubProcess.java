package dev.reactorhub.app;

import dev.reactorhub.workload.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The hub as a process of its own, on free ports, for tests that kill it. */
final class HubProcess implements AutoCloseable {
  private static final Pattern PAGE = Pattern.compile("live page +http://127\\.0\\.0\\.1:(\\d+)/");
  private static final Pattern GRPC = Pattern.compile("gRPC +127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final List<String> printed = new CopyOnWriteArrayList<>();
  private final int port;
  private final int grpcPort;
  private final Thread reader;

  /** The process ended, or was ended, before it said that it is ready. */
  static final class NotStarted extends IOException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient List<String> printed;

    private NotStarted(int exitCode, List<String> printed) {
      super("the hub ended with " + exitCode + " before it was ready: " + printed);
      this.exitCode = exitCode;
      this.printed = List.copyOf(printed);
    }

    int exitCode() {
      return exitCode;
    }

    /** What it printed, a line each. */
    List<String> printed() {
      return printed;
    }
  }

  private HubProcess(Process process) throws IOException {
    this.process = process;
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.port = find(out, PAGE);
    this.grpcPort = find(out, GRPC);
    // What follows is drained, so that the process never waits for its reader.
    this.reader = Thread.ofVirtual().start(() -> drain(out));
  }

  /**
   * Starts the hub on this directory and waits until it says that it is ready.
   *
   * @throws NotStarted when it ended instead
   */
  static HubProcess start(Path data, String... more) throws IOException {
    return start(HubLaunch.PLAIN, data, more);
  }

  /** The same, started in this way. */
  static HubProcess start(HubLaunch launch, Path data, String... more) throws IOException {
    return new HubProcess(launched(launch, data, more));
  }

  /** Starts the hub and kills it so much later, ready or not. */
  static void startAndKill(HubLaunch launch, Path data, long afterNanos, String... more)
      throws IOException, InterruptedException {
    Process process = launched(launch, data, more);
    if (process.waitFor(afterNanos, TimeUnit.NANOSECONDS)) {
      throw new AssertionError("the hub ended by itself with " + process.exitValue());
    }
    process.destroyForcibly().waitFor();
  }

  /** Starts the hub and leaves what it prints to the caller. */
  static Process launched(HubLaunch launch, Path data, String... more) throws IOException {
    List<String> command = new ArrayList<>(launch.wrapper());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(launch.jvmOptions());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.reactorhub.app.Main",
            "run",
            "--port",
            "0",
            "--grpc-port",
            "0",
            "--data",
            data.toString()));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(launch.environment());
    return builder.start();
  }

  Endpoint endpoint() {
    return new Endpoint(port, grpcPort);
  }

  long pid() {
    return process.pid();
  }

  int port() {
    return port;
  }

  int grpcPort() {
    return grpcPort;
  }

  /** What the process takes of the machine's memory. */
  long residentBytes() throws IOException {
    return new ProcessStatus(process.pid()).first("VmRSS") << 10;
  }

  /** What the process printed so far, a line each. */
  List<String> printed() {
    return List.copyOf(printed);
  }

  /** Ends the process as a crash does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Asks the process to end, and returns its exit code. */
  int stop() throws InterruptedException {
    return stopped(Duration.ofSeconds(60));
  }

  /** Asks the process to end, and returns its exit code; fails when it is late. */
  int stopped(Duration timeMax) throws InterruptedException {
    terminate();
    return exitCode(timeMax);
  }

  /** Asks the process to end, as an orchestrator does, and does not wait. */
  void terminate() {
    // By its handle: the process itself would close what is still to be read of its output.
    boolean _ = process.toHandle().destroy();
  }

  /** The exit code, once the process has ended; fails when it does not in this time. */
  int exitCode(Duration timeMax) throws InterruptedException {
    if (!process.waitFor(timeMax)) {
      throw new AssertionError("the hub did not end within " + timeMax + ": " + printed);
    }
    reader.join();
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }

  private void drain(BufferedReader out) {
    try {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        printed.add(line);
      }
    } catch (IOException e) {
      printed.add("killed: " + e.getMessage());
    }
  }

  private int find(BufferedReader out, Pattern pattern) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      printed.add(line);
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
    throw new NotStarted(process.onExit().join().exitValue(), printed);
  }
}
