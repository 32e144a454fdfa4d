package dev.reactorhub.config;

import dev.reactorhub.log.ChannelRetentionSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads rules such as {@code news.> age=1h bytes=64MiB; metrics.* events=10000}. */
final class RetentionRules {
  static final int RULES_MAX = 64;

  private static final ValueType<Duration> AGE = ValueType.duration("1s");
  private static final ValueType<Long> BYTES = ValueType.size("1KiB");
  private static final ValueType<Long> EVENTS = ValueType.number(1);
  private static final Set<String> BOUNDS = Set.of("age", "bytes", "events");

  private RetentionRules() {}

  static ValueType<List<ChannelRetentionSettings>> type() {
    return new ValueType<>(
        "rules such as news.> age=1h bytes=64MiB; logs.* events=10000, separated by semicolons,"
            + " at most "
            + RULES_MAX
            + ", each of another pattern with one bound or more of age ("
            + AGE.rule()
            + "), bytes ("
            + BYTES.rule()
            + ") and events ("
            + EVENTS.rule()
            + ")",
        RetentionRules::read);
  }

  /** A list in the file arrives joined by commas, which no rule contains. */
  private static Optional<List<ChannelRetentionSettings>> read(String text) {
    List<ChannelRetentionSettings> rules = new ArrayList<>();
    for (String part : text.split("[;,]", -1)) {
      if (part.isBlank()) {
        continue;
      }
      Optional<ChannelRetentionSettings> rule = rule(part.strip());
      if (rule.isEmpty() || rules.stream().anyMatch(rule.get()::isShadowOf)) {
        return Optional.empty();
      }
      rules.add(rule.get());
    }
    return rules.size() > RULES_MAX ? Optional.empty() : Optional.of(List.copyOf(rules));
  }

  private static Optional<ChannelRetentionSettings> rule(String text) {
    String[] words = text.split("\\s+", -1);
    Map<String, String> bounds = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      String[] sides = words[i].split("=", 2);
      if (sides.length < 2
          || !BOUNDS.contains(sides[0])
          || bounds.put(sides[0], sides[1]) != null) {
        return Optional.empty();
      }
    }
    Optional<Duration> age = bound(bounds.get("age"), AGE, Duration.ZERO);
    Optional<Long> bytes = bound(bounds.get("bytes"), BYTES, 0L);
    Optional<Long> events = bound(bounds.get("events"), EVENTS, 0L);
    if (bounds.isEmpty() || age.isEmpty() || bytes.isEmpty() || events.isEmpty()) {
      return Optional.empty();
    }
    return ChannelRetentionSettings.of(words[0], age.get(), bytes.get(), events.get());
  }

  private static <T> Optional<T> bound(@Nullable String text, ValueType<T> type, T none) {
    return text == null ? Optional.of(none) : type.read(text);
  }
}
