package dev.reactorhub.cli;

import dev.reactorhub.config.HubConfig;
import dev.reactorhub.config.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Asks a hub on this machine whether it is ready: for container engines, whose check has to be a
 * command. Starts with few classes, since it may run every few seconds. Its options are written by
 * picocli, before the call.
 */
@Command(
    name = "health",
    description = "Ask the hub that run starts with the same options whether it is ready.")
final class HealthCommand implements Callable<Integer> {
  /** For the connection, and again for the answer. */
  private static final Duration WAIT_MAX = Duration.ofSeconds(2);

  private final Map<String, String> environment;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private HubOptions options = new HubOptions();

  HealthCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    Optional<HubConfig> config = options.load(environment, Terminal.err(spec));
    return config.isPresent() ? ask(readiness(config.get().server())) : ExitCode.USAGE;
  }

  private int ask(URI uri) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout((int) WAIT_MAX.toMillis());
    connection.setReadTimeout((int) WAIT_MAX.toMillis());
    try {
      boolean isReady = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      PrintWriter out = isReady ? Terminal.out(spec) : Terminal.err(spec);
      out.println(isReady ? "ready" : "not ready: " + reason(connection));
      out.flush();
      return isReady ? ExitCode.OK : ExitCode.SOFTWARE;
    } catch (IOException e) {
      throw new IOException("no answer from " + uri + ": " + e.getMessage(), e);
    } finally {
      connection.disconnect();
    }
  }

  private static String reason(HttpURLConnection answer) throws IOException {
    try (InputStream body = answer.getErrorStream()) {
      String checks =
          body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
      return "HTTP " + answer.getResponseCode() + " " + checks;
    }
  }

  private static URI readiness(ServerSettings server) throws IOException {
    if (server.port() == 0) {
      throw new IllegalArgumentException(
          "server.port is 0, any free one: give the hub a port, and the same to hub health");
    }
    InetAddress bound = InetAddress.getByName(server.host());
    String host = bound.isAnyLocalAddress() ? "127.0.0.1" : server.host();
    return URI.create(
        "http://"
            + (host.contains(":") ? "[" + host + "]" : host)
            + ":"
            + server.port()
            + "/observe/health/ready");
  }
}
