package dev.reactorhub.cli;

import dev.reactorhub.config.ConfigKeys;
import dev.reactorhub.config.ConfigLoader;
import dev.reactorhub.config.ConfigProblem;
import dev.reactorhub.config.ConfigResult;
import dev.reactorhub.config.HubConfig;
import dev.reactorhub.config.Key;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The settings of a hub, as its command line has them. Written by picocli, before the call. */
final class HubOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean isHelpWanted;

  @Option(names = "--host", paramLabel = "HOST", description = "Address to bind: server.host.")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "PORT", description = "HTTP port: server.port.")
  private @Nullable String port;

  @Option(names = "--grpc-port", paramLabel = "PORT", description = "gRPC port: grpc.port.")
  private @Nullable String grpcPort;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder of the log: data.dir.")
  private @Nullable String data;

  @Option(names = "--config", paramLabel = "FILE", description = "A YAML file of settings.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any setting. The options above win over it. May be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  /** The configuration that they make of this environment; empty when told on {@code err} why. */
  Optional<HubConfig> load(Map<String, String> environment, PrintWriter err) {
    ConfigLoader.Sources sources =
        new ConfigLoader.Sources(Optional.ofNullable(config), environment, commandLine());
    return switch (ConfigLoader.load(sources)) {
      case ConfigResult.Loaded(HubConfig loaded) -> Optional.of(loaded);
      case ConfigResult.Refused(List<ConfigProblem> problems) -> {
        problems.forEach(err::println);
        err.flush();
        yield Optional.empty();
      }
    };
  }

  private Map<String, String> commandLine() {
    Map<String, String> values = new HashMap<>(settings);
    put(values, ConfigKeys.SERVER_HOST, host);
    put(values, ConfigKeys.SERVER_PORT, port);
    put(values, ConfigKeys.GRPC_PORT, grpcPort);
    put(values, ConfigKeys.DATA_DIR, data);
    return values;
  }

  private static void put(Map<String, String> values, Key<?> key, @Nullable String text) {
    if (text != null) {
      values.put(key.name(), text);
    }
  }
}
