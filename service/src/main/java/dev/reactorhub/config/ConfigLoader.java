package dev.reactorhub.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads the configuration. From lowest to highest: the defaults, the file, the environment, the
 * command line. Everything that is wrong is found in one go.
 */
public final class ConfigLoader {
  /** The environment variable that names the file, as {@code --config} does. */
  public static final String FILE_VARIABLE = Key.VARIABLE_PREFIX + "CONFIG";

  private static final Map<String, Key<?>> BY_NAME =
      ConfigKeys.ALL.stream().collect(Collectors.toMap(Key::name, key -> key));
  private static final Map<String, Key<?>> BY_VARIABLE =
      ConfigKeys.ALL.stream().collect(Collectors.toMap(Key::variable, key -> key));

  private final List<ConfigProblem> problems = new ArrayList<>();

  /** What each key was last set to: a higher layer replaces a lower one. */
  private final Map<Key<?>, RawValue> set = new HashMap<>();

  private ConfigLoader() {}

  /**
   * Where to look.
   *
   * @param file the configuration file, if one was named on the command line
   * @param environment all environment variables; those that begin with {@code REACTORHUB_} count
   * @param commandLine by key
   */
  public record Sources(
      Optional<Path> file, Map<String, String> environment, Map<String, String> commandLine) {
    /** Copies the maps. */
    public Sources {
      environment = Map.copyOf(environment);
      commandLine = Map.copyOf(commandLine);
    }
  }

  /** Reads and checks everything. */
  public static ConfigResult load(Sources sources) {
    return new ConfigLoader().read(sources);
  }

  private ConfigResult read(Sources sources) {
    file(sources).ifPresent(this::readFile);
    new TreeMap<>(sources.environment()).forEach(this::readVariable);
    new TreeMap<>(sources.commandLine())
        .forEach((key, text) -> put(new RawValue(key, text, "command line")));
    Map<Key<?>, Object> values = new HashMap<>();
    for (Key<?> key : ConfigKeys.ALL) {
      values.put(key, valueOf(key));
    }
    ConfigValues all = new ConfigValues(values);
    checkTogether(all);
    return problems.isEmpty()
        ? new ConfigResult.Loaded(HubConfig.of(all))
        : new ConfigResult.Refused(problems);
  }

  private Optional<Path> file(Sources sources) {
    String named = sources.environment().get(FILE_VARIABLE);
    if (sources.file().isPresent() || named == null) {
      return sources.file();
    }
    try {
      return Optional.of(Path.of(named));
    } catch (InvalidPathException e) {
      problems.add(
          new ConfigProblem(
              "--config", named, FILE_VARIABLE, "is no path", "name a YAML file or unset it"));
      return Optional.empty();
    }
  }

  private void readFile(Path file) {
    YamlFile yaml = YamlFile.read(file);
    problems.addAll(yaml.problems());
    yaml.values().forEach(this::put);
  }

  private void readVariable(String variable, String text) {
    if (!variable.startsWith(Key.VARIABLE_PREFIX) || variable.equals(FILE_VARIABLE)) {
      return;
    }
    Key<?> key = BY_VARIABLE.get(variable);
    if (key == null) {
      problems.add(unknown(new RawValue(variable, text, "environment"), names(BY_VARIABLE)));
    } else {
      put(new RawValue(key.name(), text, variable));
    }
  }

  private void put(RawValue value) {
    Key<?> key = BY_NAME.get(value.key());
    if (key == null) {
      problems.add(unknown(value, names(BY_NAME)));
    } else {
      set.put(key, value);
    }
  }

  private <T> T valueOf(Key<T> key) {
    RawValue raw = set.get(key);
    if (raw == null) {
      return key.defaultValue();
    }
    Optional<T> value = key.read(raw.text());
    if (value.isEmpty()) {
      problems.add(
          new ConfigProblem(
              key.name(),
              raw.text(),
              raw.origin(),
              "must be " + key.rule(),
              "the default is " + (key.defaultText().isEmpty() ? "none" : key.defaultText())));
    }
    return value.orElseGet(key::defaultValue);
  }

  /** Rules between keys. */
  private void checkTogether(ConfigValues values) {
    if (values.get(ConfigKeys.WEB_IDLE).compareTo(values.get(ConfigKeys.WEB_HEARTBEAT)) <= 0) {
      refuse(
          ConfigKeys.WEB_IDLE,
          "must be longer than web.heartbeat, which is " + text(ConfigKeys.WEB_HEARTBEAT),
          "more than twice as long lets a ping be answered");
    }
    int port = values.get(ConfigKeys.SERVER_PORT);
    if (port != 0 && port == values.get(ConfigKeys.GRPC_PORT)) {
      refuse(
          ConfigKeys.GRPC_PORT,
          "must not be server.port",
          "the default is " + ConfigKeys.GRPC_PORT.defaultText());
    }
    if (values.get(ConfigKeys.LOG_PENDING_BYTES) < values.get(ConfigKeys.LIMITS_EVENT_DATA_BYTES)) {
      refuse(
          ConfigKeys.LOG_PENDING_BYTES,
          "must hold one event of limits.event.data.bytes, which is "
              + text(ConfigKeys.LIMITS_EVENT_DATA_BYTES),
          "the default is " + ConfigKeys.LOG_PENDING_BYTES.defaultText());
    }
    checkConsumers(values);
    Duration graceMin = values.get(ConfigKeys.DRAIN_DELAY).plus(DrainSettings.CLOSING_MAX);
    if (values.get(ConfigKeys.DRAIN_GRACE).compareTo(graceMin) < 0) {
      refuse(
          ConfigKeys.DRAIN_GRACE,
          "must be at least "
              + DrainSettings.CLOSING_MAX.toSeconds()
              + "s longer than drain.delay, which is "
              + text(ConfigKeys.DRAIN_DELAY),
          "set it to " + graceMin.toSeconds() + "s or more, or drain.delay to less");
    }
  }

  private void checkConsumers(ConfigValues values) {
    Duration deadline = values.get(ConfigKeys.CONSUMER_ACK_DEADLINE);
    if (deadline.compareTo(values.get(ConfigKeys.LIMITS_CONSUMER_ACK_DEADLINE_MIN)) < 0
        || deadline.compareTo(values.get(ConfigKeys.LIMITS_CONSUMER_ACK_DEADLINE_MAX)) > 0) {
      refuse(
          ConfigKeys.CONSUMER_ACK_DEADLINE,
          "must be from limits.consumer.ack-deadline.min to limits.consumer.ack-deadline.max,"
              + " which are "
              + text(ConfigKeys.LIMITS_CONSUMER_ACK_DEADLINE_MIN)
              + " and "
              + text(ConfigKeys.LIMITS_CONSUMER_ACK_DEADLINE_MAX),
          "the default is " + ConfigKeys.CONSUMER_ACK_DEADLINE.defaultText());
    }
    if (values.get(ConfigKeys.CONSUMER_ATTEMPTS)
        > values.get(ConfigKeys.LIMITS_CONSUMER_ATTEMPTS)) {
      refuse(
          ConfigKeys.CONSUMER_ATTEMPTS,
          "must not exceed limits.consumer.attempts, which is "
              + text(ConfigKeys.LIMITS_CONSUMER_ATTEMPTS),
          "the default is " + ConfigKeys.CONSUMER_ATTEMPTS.defaultText());
    }
  }

  private void refuse(Key<?> key, String rule, String remedy) {
    RawValue raw = set.get(key);
    problems.add(
        new ConfigProblem(
            key.name(), text(key), raw == null ? "the default" : raw.origin(), rule, remedy));
  }

  private String text(Key<?> key) {
    RawValue raw = set.get(key);
    return raw == null ? key.defaultText() : raw.text();
  }

  private static ConfigProblem unknown(RawValue value, List<String> names) {
    return new ConfigProblem(
        value.key(),
        value.text(),
        value.origin(),
        "there is no such key",
        "did you mean " + NearestName.of(value.key(), names) + "?");
  }

  private static List<String> names(Map<String, Key<?>> keys) {
    return keys.keySet().stream().sorted().toList();
  }
}
