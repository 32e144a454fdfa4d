package dev.reactorhub.config;

/**
 * What the hub says of its work, on the error stream.
 *
 * @param format of each line
 * @param level messages of the hub below it are left out
 */
public record LoggingSettings(Format format, Level level) {
  /** How a line looks. */
  public enum Format {
    /** For people. */
    TEXT,
    /** One JSON object, for collectors. */
    JSON
  }

  /** From the most severe to the least. */
  public enum Level {
    /** A person must act. */
    ERROR,
    /** Something is not as it should be. */
    WARNING,
    /** What happens. */
    INFO,
    /** What helps to find out why. */
    DEBUG
  }
}
