package dev.reactorhub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.config.HubConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class CliTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<HubConfig> started = new ArrayList<>();

  @Test
  void runHandsTheConfigurationToTheRunner() {
    int code =
        execute(
            Map.of("REACTORHUB_GRPC_PORT", "9000", "REACTORHUB_SERVER_PORT", "1"),
            "run",
            "--host=::1",
            "--port",
            "8081",
            "--data",
            "some where",
            "--set",
            "web.allowed-origins=https://a.example,https://b.example",
            "--set",
            "web.greeting=a=b");

    assertThat(code).isEqualTo(7);
    HubConfig config = started.getFirst();
    assertThat(config.server().host()).isEqualTo("::1");
    assertThat(config.server().port()).isEqualTo(8081);
    assertThat(config.server().grpcPort()).isEqualTo(9000);
    assertThat(config.server().dataDirectory()).isEqualTo(Path.of("some where"));
    assertThat(config.web().allowedOrigins())
        .containsExactly("https://a.example", "https://b.example");
    assertThat(config.web().greeting()).isEqualTo("a=b");
  }

  @Test
  void aWrongConfigurationIsToldInFullAndNothingStarts() {
    int code = execute(Map.of("REACTORHUB_PORT", "1"), "run", "--port", "x", "--config", "/none");

    assertThat(code).isEqualTo(2);
    assertThat(started).isEmpty();
    assertThat(err.toString().lines()).hasSize(3);
    assertThat(err.toString())
        .contains("--config is \"/none\"", "REACTORHUB_PORT is \"1\"", "server.port is \"x\"");
  }

  @Test
  void wrongUsageIsToldWithoutATraceOfTheStack() {
    assertThat(execute(Map.of(), "tail", "--from", "yesterday")).isEqualTo(2);
    assertThat(execute(Map.of(), "tail", "--server", "nowhere")).isEqualTo(2);
    assertThat(execute(Map.of(), "tail", "--channel", "a b")).isEqualTo(2);
    assertThat(execute(Map.of(), "publish")).isEqualTo(2);
    assertThat(execute(Map.of(), "publish", "--type", "a b")).isEqualTo(2);
    assertThat(execute(Map.of(), "publsh")).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "'yesterday' must be latest, earliest, a position",
            "must be host:port",
            "Missing required option: '--type=TYPE'")
        .doesNotContain("\tat ");
  }

  @Test
  void aHubThatCannotStartIsToldByItsMessage() {
    CommandLine commands =
        Commands.with(
            (config, out) -> {
              throw new IllegalStateException("port 8080 is taken");
            },
            Map.of());
    commands.setErr(new PrintWriter(err));

    assertThat(commands.execute("run")).isEqualTo(1);
    assertThat(err).hasToString("hub run: port 8080 is taken" + System.lineSeparator());
  }

  private int execute(Map<String, String> environment, String... args) {
    Runner runner =
        (config, printer) -> {
          started.add(config);
          return 7;
        };
    return Commands.with(runner, environment)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }
}
