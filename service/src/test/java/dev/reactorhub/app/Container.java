package dev.reactorhub.app;

import static org.awaitility.Awaitility.await;

import dev.reactorhub.workload.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A container of the image under test, run by podman in the host's network, on ports of its own.
 * {@code ./hub test image} builds the image and tells podman where it is.
 */
final class Container implements AutoCloseable {
  private static final Duration READY_MAX = Duration.ofMinutes(1);
  private static final int STOP_SECONDS_MAX = 30;
  private static final long COMMAND_SECONDS_MAX = 60;

  private final String id;
  private final Endpoint endpoint;

  private Container(String id, Endpoint endpoint) {
    this.id = id;
    this.endpoint = endpoint;
  }

  /** How a command ended. */
  record Ended(int code, String printed) {}

  /** The name of the image. */
  static String image() {
    String name = System.getenv("HUB_TEST_IMAGE");
    if (name == null) {
      throw new IllegalStateException("HUB_TEST_IMAGE is not set: run ./hub test image");
    }
    return name;
  }

  /** Two free ports below those that the system hands out itself. */
  static Endpoint freePorts() {
    return new Endpoint(freePort(20_000), freePort(25_000));
  }

  /** Starts a hub on these ports with the environment that the image has for them. */
  static Container start(Endpoint endpoint, List<String> options, String... args)
      throws IOException, InterruptedException {
    List<String> more = new ArrayList<>(options);
    more.addAll(List.of("--env", "REACTORHUB_SERVER_PORT=" + endpoint.port()));
    more.addAll(List.of("--env", "REACTORHUB_GRPC_PORT=" + endpoint.grpcPort()));
    return startAsItIs(endpoint, more, args);
  }

  /** Starts a hub that knows its ports otherwise. */
  static Container startAsItIs(Endpoint endpoint, List<String> options, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("run", "--detach", "--pull=never"));
    command.addAll(options);
    command.add(image());
    command.addAll(List.of(args));
    String printed = podman(command.toArray(String[]::new));
    return new Container(printed.substring(printed.lastIndexOf('\n') + 1), endpoint);
  }

  /** Waits until the hub is ready, and returns after how many ms it was. */
  long awaitReady() {
    long startedAt = System.nanoTime();
    await().atMost(READY_MAX).pollInterval(Duration.ofMillis(10)).until(this::isReady);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** What a GET is answered with within a second; 0: nothing. */
  int status(String path) {
    return status(path, Duration.ofSeconds(1));
  }

  /** What a GET is answered with in this time; 0: nothing. */
  int status(String path, Duration max) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) endpoint.http(path).toURL().openConnection();
      connection.setConnectTimeout((int) max.toMillis());
      connection.setReadTimeout((int) max.toMillis());
      int status = connection.getResponseCode();
      connection.disconnect();
      return status;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Runs a command in the container. */
  Ended exec(String... command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("podman", "exec", id));
    all.addAll(List.of(command));
    return run(all);
  }

  /** What a JVM in the container takes for its heap at most, with these options of an operator. */
  long heapMebibytesMax(String... options) throws IOException, InterruptedException {
    List<String> java = new ArrayList<>(List.of("java"));
    java.addAll(List.of(options));
    java.addAll(List.of("-XX:+PrintFlagsFinal", "-version"));
    Ended ended = exec(java.toArray(String[]::new));
    return ended
        .printed()
        .lines()
        .filter(line -> line.contains(" MaxHeapSize "))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*= (\\d+) .*", "$1")) >> 20)
        .findFirst()
        .orElseThrow(() -> new AssertionError(ended.toString()));
  }

  /** Runs the image's HEALTHCHECK. */
  Ended healthcheck() throws IOException, InterruptedException {
    return run(List.of("podman", "healthcheck", "run", id));
  }

  /** The command of the image's HEALTHCHECK, with other settings. */
  Ended healthcheckWith(String setting) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("podman", "exec", "--env", setting, id));
    List<String> test =
        inspect("{{range .Config.Healthcheck.Test}}{{println .}}{{end}}").lines().toList();
    all.addAll(test.subList(1, test.size()));
    return run(all);
  }

  /** What the hub wrote to both streams. */
  String logs() throws IOException, InterruptedException {
    return podman("logs", id);
  }

  /** The user and group that the hub runs as. */
  String user() throws IOException {
    return status().first("Uid") + ":" + status().first("Gid");
  }

  /** What a field of podman's description is; in the syntax of Go's templates. */
  String inspect(String field) {
    try {
      return podman("inspect", "--format", field, id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What the container took of memory at most, the kernel's cache of its files left out. */
  long residentBytesMax() throws IOException {
    return status().first("VmHWM") << 10;
  }

  /** Sends SIGTERM, waits, and returns the exit code. */
  int stop() throws IOException, InterruptedException {
    return stop(STOP_SECONDS_MAX);
  }

  /** The same, with SIGKILL after so many seconds. */
  int stop(int seconds) throws IOException, InterruptedException {
    podman("stop", "--time", String.valueOf(seconds), id);
    return Integer.parseInt(inspect("{{.State.ExitCode}}"));
  }

  @Override
  public void close() {
    try {
      podman("rm", "--force", "--time", "0", "--volumes", id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs podman and returns what it printed; fails when it does. */
  static String podman(String... command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("podman"));
    all.addAll(List.of(command));
    Ended ended = run(all);
    if (ended.code() != 0) {
      throw new IOException(all + " failed: " + ended.printed());
    }
    return ended.printed();
  }

  private static Ended run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command + " did not end: " + printed);
    }
    return new Ended(process.exitValue(), printed);
  }

  private ProcessStatus status() {
    return new ProcessStatus(Long.parseLong(inspect("{{.State.Pid}}")));
  }

  private boolean isReady() {
    if (!inspect("{{.State.Status}}").equals("running")) {
      throw new AssertionError("the container ended: " + logsOrFailure());
    }
    return status("/observe/health/ready") == HttpURLConnection.HTTP_OK;
  }

  private String logsOrFailure() {
    try {
      return logs();
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  private static int freePort(int from) {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(from, from + 5_000);
      try (Socket taken = new Socket(InetAddress.getLoopbackAddress(), port)) {
        taken.getPort();
      } catch (IOException e) {
        return port;
      }
    }
  }
}
