package dev.reactorhub.config;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the text of a setting becomes its value.
 *
 * @param rule what the text must be, for people: "must be" + rule
 * @param reader reads the text; empty when it breaks the rule
 */
record ValueType<T>(String rule, Function<String, Optional<T>> reader) {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18}) ?(B|KiB|MiB|GiB|TiB)?");
  private static final Map<String, Integer> SIZE_SHIFTS =
      Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

  private static final Pattern DURATION = Pattern.compile("(\\d{1,12}) ?(ms|s|m|h|d)");
  private static final Map<String, Duration> DURATION_UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  /** Longer ones do not fit the nanoseconds that hot code counts in. */
  private static final Duration DURATION_MAX = Duration.ofDays(36_500);

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:._%-]{1,255}");

  Optional<T> read(String text) {
    return reader.apply(text.strip());
  }

  static ValueType<String> text(int lengthMax) {
    return new ValueType<>(
        "a line of at most " + lengthMax + " characters",
        text ->
            text.length() <= lengthMax && text.chars().noneMatch(Character::isISOControl)
                ? Optional.of(text)
                : Optional.empty());
  }

  static ValueType<String> host() {
    return new ValueType<>(
        "a host name or an IP address",
        text -> HOST.matcher(text).matches() ? Optional.of(text) : Optional.empty());
  }

  static ValueType<Path> path() {
    return new ValueType<>(
        "a path",
        text -> {
          try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
          } catch (InvalidPathException e) {
            return Optional.empty();
          }
        });
  }

  static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    List<E> choices = List.of(type.getEnumConstants());
    List<String> names = choices.stream().map(ValueType::lowerCase).toList();
    return new ValueType<>(
        "one of " + String.join(", ", names),
        text -> choices.stream().filter(choice -> lowerCase(choice).equals(text)).findFirst());
  }

  static ValueType<Integer> number(int min, int max) {
    return new ValueType<>(
        "a number from " + min + " to " + max,
        text -> number(text).filter(n -> n >= min && n <= max).map(Math::toIntExact));
  }

  static ValueType<Long> number(long min) {
    return new ValueType<>("a number from " + min, text -> number(text).filter(n -> n >= min));
  }

  static ValueType<Long> size(String min) {
    long minBytes = size(min, Long.MAX_VALUE).orElseThrow();
    return new ValueType<>(
        "a size from " + min, text -> size(text, Long.MAX_VALUE).filter(n -> n >= minBytes));
  }

  /** A size that fits an array. */
  static ValueType<Integer> size(String min, String max) {
    long minBytes = size(min, Integer.MAX_VALUE).orElseThrow();
    long maxBytes = size(max, Integer.MAX_VALUE).orElseThrow();
    return new ValueType<>(
        "a size from " + min + " to " + max,
        text -> size(text, maxBytes).filter(n -> n >= minBytes).map(Math::toIntExact));
  }

  static ValueType<Duration> duration(String min) {
    Duration shortest = durationOf(min).orElseThrow();
    return new ValueType<>(
        "a duration from " + min,
        text -> durationOf(text).filter(value -> value.compareTo(shortest) >= 0));
  }

  /** This type, or zero for none. */
  static <T> ValueType<T> orZero(ValueType<T> type, T zero) {
    return new ValueType<>(
        "0, or " + type.rule(), text -> text.equals("0") ? Optional.of(zero) : type.read(text));
  }

  static ValueType<List<String>> origins() {
    return new ValueType<>(
        "*, or origins such as https://app.example.org, separated by commas",
        text -> {
          List<String> origins =
              Arrays.stream(text.split(",", -1))
                  .map(String::strip)
                  .filter(o -> !o.isEmpty())
                  .toList();
          return origins.stream().allMatch(ValueType::isOrigin)
              ? Optional.of(origins)
              : Optional.empty();
        });
  }

  private static boolean isOrigin(String text) {
    if (text.equals("*")) {
      return true;
    }
    try {
      URI uri = URI.create(text);
      return uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && text.equals(uri.getScheme() + "://" + uri.getRawAuthority())
          && uri.getUserInfo() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Optional<Long> number(String text) {
    return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  private static Optional<Long> size(String text, long max) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    int shift = matcher.group(2) == null ? 0 : SIZE_SHIFTS.getOrDefault(matcher.group(2), 0);
    return count > (max >> shift) ? Optional.empty() : Optional.of(count << shift);
  }

  private static Optional<Duration> durationOf(String text) {
    Matcher matcher = DURATION.matcher(text);
    Duration value;
    if (matcher.matches()) {
      Duration unit = DURATION_UNITS.getOrDefault(matcher.group(2), Duration.ZERO);
      value = unit.multipliedBy(Long.parseLong(matcher.group(1)));
    } else {
      try {
        value = Duration.parse(text);
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }
    return value.isNegative() || value.compareTo(DURATION_MAX) > 0
        ? Optional.empty()
        : Optional.of(value);
  }

  private static String lowerCase(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
