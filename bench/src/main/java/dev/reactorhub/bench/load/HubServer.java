package dev.reactorhub.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A hub with its defaults, a log of its own and no source of events but the load. */
final class HubServer implements AutoCloseable {
  static final int PORT = 18_080;
  static final int GRPC_PORT = 18_090;
  private static final int READY_ATTEMPTS = 300;

  private final Machine machine;
  private final Process process;

  HubServer(Machine machine) throws IOException {
    this.machine = machine;
    Path data = Files.createTempDirectory(machine.work(), "data");
    Path target = machine.root().resolve("service/target");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + machine.root().resolve("service/src/main/jvm/jvm.options"));
    command.addAll(List.of("-cp", jar(target).toString(), "dev.reactorhub.app.Main", "run"));
    command.addAll(List.of("--port", String.valueOf(PORT)));
    command.addAll(List.of("--grpc-port", String.valueOf(GRPC_PORT)));
    command.addAll(List.of("--data", data.toString()));
    command.addAll(List.of("--set", "sources.host-metrics.interval=0"));
    this.process = machine.serve(command);
    awaitReady();
  }

  long pid() {
    return process.pid();
  }

  /** Processor time used so far, in milliseconds. */
  long cpuMillis() {
    return process.info().totalCpuDuration().orElseThrow().toMillis();
  }

  /** The position of the newest event of its log. */
  String head() throws IOException {
    URI page = URI.create("http://127.0.0.1:" + PORT + "/api/v1/events?limit=1");
    try (InputStream in = page.toURL().openStream()) {
      return new ObjectMapper().readTree(in).required("head").textValue();
    }
  }

  @Override
  public void close() {
    machine.stop(process);
  }

  private static Path jar(Path target) throws IOException {
    try (var jars = Files.newDirectoryStream(target, "service-*.jar")) {
      for (Path jar : jars) {
        return jar;
      }
    }
    throw new CannotRunException("the hub is not built: run ./hub bench, which builds it");
  }

  private void awaitReady() throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/observe/health/ready"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int attempt = 0; attempt < READY_ATTEMPTS && process.isAlive(); attempt++) {
        if (isReady(client, request)) {
          return;
        }
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new CannotRunException("the hub did not become ready: see " + machine.work());
  }

  private static boolean isReady(HttpClient client, HttpRequest request)
      throws InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2;
    } catch (IOException e) {
      return false; // not listening yet
    }
  }
}
