package dev.reactorhub.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One setting.
 *
 * @param name as in the file and on the command line, for example {@code server.host}
 * @param type how its text becomes its value
 * @param defaultText its text when it is set nowhere
 * @param meaning what it does, one line
 */
public record Key<T>(String name, ValueType<T> type, String defaultText, String meaning) {
  static final String VARIABLE_PREFIX = "REACTORHUB_";

  /** Checks that the default obeys the rule. */
  public Key {
    if (type.read(defaultText).isEmpty()) {
      throw new IllegalArgumentException(
          name + " is " + defaultText + " by default: must be " + type.rule());
    }
  }

  /** The environment variable: {@code REACTORHUB_SERVER_HOST}. */
  public String variable() {
    return VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** What the text must be, for people: "must be" + rule. */
  public String rule() {
    return type.rule();
  }

  Optional<T> read(String text) {
    return type.read(text);
  }

  T defaultValue() {
    return type.read(defaultText).orElseThrow();
  }
}
