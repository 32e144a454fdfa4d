package dev.reactorhub.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The programs of a run: servers on one core, whatever puts load on them on the other. Stops all
 * that it started, also when the harness is interrupted. One thread.
 */
final class Machine implements AutoCloseable {
  static final int SERVER_CORE = 0;
  static final int LOAD_CORE = 1;
  private static final int RUN_SECONDS_MAX = 300;

  private final Path root;
  private final Path work;
  private final List<Process> running = new CopyOnWriteArrayList<>();

  /**
   * @param root the checkout
   * @param work an empty folder for programs, logs and data
   */
  Machine(Path root, Path work) throws IOException {
    this.root = root;
    this.work = work;
    if (Runtime.getRuntime().availableProcessors() < 2) {
      throw new CannotRunException(
          "the benchmark needs two cores: one for the hub, one for the load");
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopAll));
    compile("wsload");
    compile("refserver");
  }

  Path root() {
    return root;
  }

  Path work() {
    return work;
  }

  /** Starts a server on its core; it is stopped when this is closed. */
  Process serve(List<String> command) throws IOException {
    return start(pinned(SERVER_CORE, command)).process();
  }

  /** A program and the file with what it prints. */
  record Started(Process process, Path output) {}

  /** Starts a program on a core that gives way to the others there. */
  Started startNicely(int core, List<String> command) throws IOException {
    List<String> nice = new ArrayList<>(List.of("nice", "-n", "19"));
    nice.addAll(command);
    return start(pinned(core, nice));
  }

  private Started start(List<String> command) throws IOException {
    Path output = Files.createTempFile(work, "output", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      running.add(process);
      return new Started(process, output);
    } catch (IOException e) {
      throw missing(command.getFirst(), e);
    }
  }

  /** Starts the bare WebSocket server; {@code mode} is each or batch. */
  Process reference(int port, String mode) throws IOException {
    return serve(List.of(work.resolve("refserver").toString(), String.valueOf(port), mode));
  }

  /** As {@link #reference}, but syncs each event to a file before it writes it to anybody. */
  Process syncedReference(int port) throws IOException {
    Path log = Files.createTempFile(work, "events", ".log");
    return serve(
        List.of(
            work.resolve("refserver").toString(), String.valueOf(port), "each", log.toString()));
  }

  void stop(Process server) {
    server.destroy();
    try {
      if (!server.waitFor(30, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.destroyForcibly();
    }
    running.remove(server);
  }

  /** Runs a program to its end on a core and returns what it printed. */
  String run(int core, List<String> command) throws IOException {
    return run(core, command, RUN_SECONDS_MAX);
  }

  /** As {@link #run(int, List)}, with another bound on how long it may take. */
  String run(int core, List<String> command, int secondsMax) throws IOException {
    return result(start(pinned(core, command)), secondsMax);
  }

  /** Waits for the end of a program and returns what it printed. */
  String result(Started program) throws IOException {
    return result(program, RUN_SECONDS_MAX);
  }

  private String result(Started program, int secondsMax) throws IOException {
    Process process = program.process();
    try {
      if (!process.waitFor(secondsMax, TimeUnit.SECONDS)) {
        throw new CannotRunException("not done in " + secondsMax + " s: " + process.info());
      }
      String printed = Files.readString(program.output());
      if (process.exitValue() != 0) {
        throw new CannotRunException("a program failed: " + printed.strip());
      }
      return printed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotRunException("interrupted");
    } finally {
      process.destroyForcibly();
      running.remove(process);
    }
  }

  /** A program of this module, as a command. */
  static List<String> java(Class<?> main, Object... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    return command;
  }

  @Override
  public void close() {
    stopAll();
  }

  private void stopAll() {
    running.forEach(this::stop);
  }

  private void compile(String program) throws IOException {
    Path source = root.resolve("bench/native").resolve(program + ".c");
    result(start(List.of("gcc", "-O2", "-o", work.resolve(program).toString(), source.toString())));
  }

  private static List<String> pinned(int core, List<String> command) {
    List<String> all = new ArrayList<>(List.of("taskset", "-c", String.valueOf(core)));
    all.addAll(command);
    return all;
  }

  private static CannotRunException missing(String program, IOException e) {
    return new CannotRunException(
        "cannot run "
            + program
            + " ("
            + e.getMessage()
            + "): install gcc and util-linux (taskset), for example: apt-get install gcc libc6-dev"
            + " util-linux");
  }
}
