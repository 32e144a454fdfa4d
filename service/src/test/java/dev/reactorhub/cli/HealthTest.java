package dev.reactorhub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HealthTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aHubThatIsReadyIsHealthy() throws IOException {
    assertThat(askOneThatAnswers(200, "{\"status\":\"UP\"}")).isZero();
    assertThat(out).hasToString("ready" + System.lineSeparator());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aHubThatIsNotReadyIsUnhealthyAndSaysWhy() throws IOException {
    assertThat(askOneThatAnswers(503, "{\"status\":\"DOWN\"}")).isEqualTo(1);
    assertThat(err)
        .hasToString("not ready: HTTP 503 {\"status\":\"DOWN\"}" + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aHubThatDoesNotRunIsUnhealthy() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }

    assertThat(ask(Map.of("REACTORHUB_SERVER_PORT", String.valueOf(free)))).isEqualTo(1);
    assertThat(err.toString())
        .contains("no answer from http://127.0.0.1:" + free + "/observe/health/ready: ");
  }

  @Test
  void whereToAskIsReadFromTheConfigurationThatRunReads() {
    assertThat(ask(Map.of(), "--port", "0")).isEqualTo(2);
    assertThat(ask(Map.of("REACTORHUB_SERVER_PORT", "x"))).isEqualTo(2);
    assertThat(err.toString())
        .contains("server.port is 0, any free one", "(REACTORHUB_SERVER_PORT): must be a number");
  }

  private int askOneThatAnswers(int status, String body) throws IOException {
    HttpServer hub =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    hub.createContext(
        "/observe/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    hub.start();
    try {
      return ask(
          Map.of("REACTORHUB_SERVER_HOST", "0.0.0.0"),
          "--port",
          String.valueOf(hub.getAddress().getPort()));
    } finally {
      hub.stop(0);
    }
  }

  private int ask(Map<String, String> environment, String... options) {
    String[] args = new String[options.length + 1];
    args[0] = "health";
    System.arraycopy(options, 0, args, 1, options.length);
    return Commands.with((config, printer) -> 0, environment)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }
}
