package dev.reactorhub.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.hub.HubSettings;
import dev.reactorhub.log.ChannelRetentionSettings;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.web.ws.WsSettings;
import dev.reactorhub.wire.WireLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {
  @TempDir Path folder;

  @Test
  void theDefaultsAreThoseOfTheParts() {
    HubConfig config = loaded(Map.of(), Map.of());

    assertThat(config.log()).isEqualTo(LogSettings.DEFAULTS);
    assertThat(config.hub()).isEqualTo(HubSettings.DEFAULTS);
    assertThat(config.web().limits()).isEqualTo(WireLimits.DEFAULTS);
    assertThat(config.web().ws()).isEqualTo(WsSettings.defaults());
    assertThat(config.web().allowedOrigins()).isEmpty();
    assertThat(config.server())
        .isEqualTo(new ServerSettings("127.0.0.1", 8080, 9090, Path.of("./data")));
    assertThat(config.drain())
        .isEqualTo(
            new DrainSettings(
                Duration.ZERO,
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(25)));
    assertThat(config.sessions()).isEqualTo(new SessionLimits(18_000, 18_000));
    assertThat(config.sources())
        .isEqualTo(new SourceSettings(Duration.ofSeconds(5), Duration.ofSeconds(30)));
  }

  @Test
  void theCommandLineBeatsTheEnvironmentBeatsTheFile() throws IOException {
    Path file = file("server:\n  host: file.example\n  port: 1\ngrpc.port: 2\n");

    HubConfig config =
        loaded(
            new ConfigLoader.Sources(
                Optional.of(file),
                Map.of("REACTORHUB_SERVER_PORT", "3", "REACTORHUB_GRPC_PORT", "4", "HOME", "/x"),
                Map.of("grpc.port", "5")));

    assertThat(config.server().host()).isEqualTo("file.example");
    assertThat(config.server().port()).isEqualTo(3);
    assertThat(config.server().grpcPort()).isEqualTo(5);
  }

  @Test
  void aGraceThatDoesNotLeaveTimeForTheStopBesideItsDelayIsRefused() {
    assertThat(problems(sources(Map.of("drain.delay", "16s"))))
        .singleElement()
        .asString()
        .contains(
            "drain.grace", "25s", "at least 10s longer than drain.delay, which is 16s", "26s");
    assertThat(problems(sources(Map.of("drain.delay", "15s")))).isEmpty();
  }

  @Test
  void theEnvironmentMayNameTheFile() throws IOException {
    Path file = file("web: {greeting: Hello}");

    assertThat(loaded(Map.of("REACTORHUB_CONFIG", file.toString()), Map.of()).web().greeting())
        .isEqualTo("Hello");
  }

  @Test
  void sizesDurationsChoicesAndListsAreReadAsPeopleWriteThem() throws IOException {
    Path file =
        file(
            """
            log:
              durability: os
              retention: {age: 36h, bytes: 1GiB, events: 10}
              dedup.window: PT30M
            hub.window.bytes: 1048576
            sources.host-metrics.interval: 0
            web.allowed-origins:
              - https://a.example
              - http://b.example:3000
            """);

    HubConfig config =
        loaded(new ConfigLoader.Sources(Optional.of(file), Map.of(), Map.of("web.idle", "2m")));

    assertThat(config.log().durability()).isEqualTo(LogSettings.Durability.OS);
    assertThat(config.log().retentionAge()).isEqualTo(Duration.ofHours(36));
    assertThat(config.log().retentionBytes()).isEqualTo(1L << 30);
    assertThat(config.log().dedupWindow()).isEqualTo(Duration.ofMinutes(30));
    assertThat(config.hub().windowBytesMax()).isEqualTo(1 << 20);
    assertThat(config.sources().hostMetricsInterval()).isZero();
    assertThat(config.web().ws().idleMax()).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.web().allowedOrigins())
        .containsExactly("https://a.example", "http://b.example:3000");
  }

  @Test
  void retentionRulesAreReadInTheirOrder() throws IOException {
    List<ChannelRetentionSettings> rules =
        List.of(
            new ChannelRetentionSettings(
                new ChannelPattern("news.>"), Duration.ofHours(1), 64L << 20, 10_000),
            new ChannelRetentionSettings(new ChannelPattern("*"), Duration.ZERO, 0, 5));

    assertThat(
            loaded(
                    Map.of(
                        "REACTORHUB_LOG_RETENTION_CHANNELS",
                        " news.> age=1h  bytes=64MiB events=10000 ; * events=5;"),
                    Map.of())
                .log()
                .channelRetention())
        .isEqualTo(rules);
    Path file =
        file(
            """
            log.retention.channels:
              - news.> age=1h bytes=64MiB events=10000
              - "* events=5"
            """);
    assertThat(loaded(sources(file)).log().channelRetention()).isEqualTo(rules);
  }

  @Test
  void aBadRetentionRuleIsToldWithItsRemedy() {
    assertThat(problems(sources(Map.of("log.retention.channels", "news.> age=1w"))))
        .containsExactly(
            "log.retention.channels is \"news.> age=1w\" (command line): must be rules such as"
                + " news.> age=1h bytes=64MiB; logs.* events=10000, separated by semicolons, at"
                + " most 64, each of another pattern with one bound or more of age (a duration"
                + " from 1s), bytes (a size from 1KiB) and events (a number from 1); the default"
                + " is none");
    assertRefused(
        "log.retention.channels",
        "news",
        "a..b age=1h",
        "news age",
        "news age=0",
        "news age=1h age=2h",
        "news bytes=1",
        "news events=0",
        "news days=1",
        "news age=1h; news events=1",
        "a=1 news");
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() throws IOException {
    Path file =
        file("server:\n  prot: 80\nlog.retention.bytes: 512 B\nlog.retention.bytes: 1GiB\n");

    assertThat(
            problems(
                new ConfigLoader.Sources(
                    Optional.of(file),
                    Map.of("REACTORHUB_SERVER_HOTS", "x", "REACTORHUB_WEB_IDLE", "10s"),
                    Map.of("log.durability", "always", "grpc.port", "8080"))))
        .containsExactly(
            "log.retention.bytes is \"1GiB\" ("
                + file
                + ", line 4): it is set already in "
                + file
                + ", line 3; keep one of the two",
            "server.prot is \"80\" ("
                + file
                + ", line 2): there is no such key; did you mean server.port?",
            "REACTORHUB_SERVER_HOTS is \"x\" (environment): there is no such key; did you mean"
                + " REACTORHUB_SERVER_HOST?",
            "log.durability is \"always\" (command line): must be one of fsync, os, memory; the"
                + " default is fsync",
            "log.retention.bytes is \"512 B\" ("
                + file
                + ", line 3): must be 0, or a size from 1MiB; the default is 4GiB",
            "web.idle is \"10s\" (REACTORHUB_WEB_IDLE): must be longer than web.heartbeat, which is"
                + " 25s; more than twice as long lets a ping be answered",
            "grpc.port is \"8080\" (command line): must not be server.port; the default is 9090");
  }

  @Test
  void aFileThatCannotBeReadIsAProblemAmongOthers() throws IOException {
    assertThat(problems(new ConfigLoader.Sources(Optional.of(folder), Map.of(), Map.of("a", "b"))))
        .hasSize(2)
        .first()
        .asString()
        .contains("cannot be read");
    assertThat(problems(sources(file("a: [")))).hasSize(1).first().asString().contains("line 1");
    assertThat(problems(sources(file("server: {port: }")))).hasSize(1);
    assertThat(problems(sources(file("server: &loop {server: *loop}")))).hasSize(1);
    assertThat(problems(sources(file("[1, 2]")))).hasSize(1);
    assertThat(problems(sources(file("")))).isEmpty();
  }

  @Test
  void valuesOutOfBoundsAreRefused() {
    assertRefused("server.port", "65536", "-1", "", "http", "99999999999999999999");
    assertRefused("log.retention.bytes", "1KiB", "-1", "4 GB", "9999999999TiB", "1.5GiB");
    assertRefused("log.retention.age", "-1s", "1w", "PT-1S", "0.5s", "999999999999d");
    assertRefused("web.allowed-origins", "example.org", "https://a.example/path", "ftp://a");
    assertRefused("server.host", "", "a b", "http://x");
    assertRefused("web.greeting", "a\nb");
    assertRefused("limits.no-progress", "0");
    assertRefused("data.dir", "", "a\0b");
    assertRefused("log.pending.bytes", "512KiB");
    assertRefused("drain.window", "999ms", "-1s");
    assertRefused("drain.grace", "9s", "0");
  }

  @Test
  void whatComesFromOutsideIsPrintedOnOneLine() {
    assertThat(problems(sources(Map.of("web.greeting", "a\n\u001b[31m" + "x".repeat(300)))))
        .singleElement()
        .asString()
        .doesNotContain("\n", "\u001b")
        .hasSizeLessThan(400);
  }

  private void assertRefused(String key, String... texts) {
    for (String text : texts) {
      assertThat(problems(sources(Map.of(key, text)))).as("%s=%s", key, text).isNotEmpty();
    }
  }

  private static ConfigLoader.Sources sources(Map<String, String> commandLine) {
    return new ConfigLoader.Sources(Optional.empty(), Map.of(), commandLine);
  }

  private static ConfigLoader.Sources sources(Path file) {
    return new ConfigLoader.Sources(Optional.of(file), Map.of(), Map.of());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("hub.yaml"), text);
  }

  private static HubConfig loaded(
      Map<String, String> environment, Map<String, String> commandLine) {
    return loaded(new ConfigLoader.Sources(Optional.empty(), environment, commandLine));
  }

  private static HubConfig loaded(ConfigLoader.Sources sources) {
    return switch (ConfigLoader.load(sources)) {
      case ConfigResult.Loaded(HubConfig config) -> config;
      case ConfigResult.Refused(List<ConfigProblem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  private static List<String> problems(ConfigLoader.Sources sources) {
    return switch (ConfigLoader.load(sources)) {
      case ConfigResult.Loaded loaded -> List.of();
      case ConfigResult.Refused(List<ConfigProblem> problems) ->
          problems.stream().map(ConfigProblem::toString).toList();
    };
  }
}
