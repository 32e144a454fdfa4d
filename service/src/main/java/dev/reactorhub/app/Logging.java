package dev.reactorhub.app;

import dev.reactorhub.config.LoggingSettings;
import dev.reactorhub.observe.JsonLogFormatter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Sets up the lines that the process writes of its work. */
final class Logging {
  private static final String OPERATORS_FILE = "java.util.logging.config.file";

  /** Held: the settings of a logger that nobody holds are forgotten. */
  private static final Logger HUB = Logger.getLogger("dev.reactorhub");

  private static final System.Logger LOGGER = System.getLogger(Logging.class.getName());

  private Logging() {}

  /** Before anything is logged: the hub's own file, unless the operator has named another. */
  static void begin() {
    // Helidon would read the file once more, and undo what apply sets.
    System.setProperty("io.helidon.logging.config.disabled", "true");
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) ->
            LOGGER.log(
                System.Logger.Level.ERROR, "thread_failed thread=" + thread.getName(), failure));
    if (isOperators()) {
      return;
    }
    try (InputStream settings = Logging.class.getResourceAsStream("/logging.properties")) {
      LogManager.getLogManager().readConfiguration(settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As configured, unless the operator's file says everything. */
  static void apply(LoggingSettings settings) {
    if (isOperators()) {
      return;
    }
    HUB.setLevel(level(settings.level()));
    if (settings.format() == LoggingSettings.Format.JSON) {
      for (Handler handler : Logger.getLogger("").getHandlers()) {
        handler.setFormatter(new JsonLogFormatter());
      }
    }
  }

  private static boolean isOperators() {
    return System.getProperty(OPERATORS_FILE) != null;
  }

  private static Level level(LoggingSettings.Level level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARNING -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
    };
  }
}
