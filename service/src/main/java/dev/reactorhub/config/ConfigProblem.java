package dev.reactorhub.config;

/**
 * Something that is wrong with the configuration.
 *
 * @param key the setting, or what stands where one should be
 * @param value what it was set to
 * @param origin where: a file and line, an environment variable, the command line
 * @param rule what it breaks
 * @param remedy what to do about it
 */
public record ConfigProblem(String key, String value, String origin, String rule, String remedy) {
  private static final int SHOWN_MAX = 200;

  /** Makes texts from outside safe to print on one line. */
  public ConfigProblem {
    key = printable(key);
    value = printable(value);
    origin = printable(origin);
  }

  @Override
  public String toString() {
    return key + " is \"" + value + "\" (" + origin + "): " + rule + "; " + remedy;
  }

  private static String printable(String text) {
    String shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
