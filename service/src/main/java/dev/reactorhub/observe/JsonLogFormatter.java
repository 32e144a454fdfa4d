package dev.reactorhub.observe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reactorhub.wire.JsonText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes each message as one JSON object on one line: {@code time}, {@code level}, {@code logger},
 * {@code message}, a field for each {@code key=value} of a message of the hub, and {@code
 * exception}, the stack trace. Any thread.
 */
public final class JsonLogFormatter extends Formatter {
  private static final String OWN = "dev.reactorhub.";

  /** A value ends at the next key or at the end; in quotes it may hold anything. */
  private static final Pattern PAIR =
      Pattern.compile(
          "(?:^|\\s)(?<key>[a-z][a-z0-9_.]*)="
              + "(?:\"(?<quoted>[^\"]*)\"|(?<bare>.*?))(?=\\s[a-z][a-z0-9_.]*=|$)",
          Pattern.DOTALL);

  private static final Set<String> TAKEN =
      Set.of("time", "level", "logger", "message", "exception");

  @Override
  public String format(LogRecord record) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("time", record.getInstant().toString());
    line.put("level", level(record.getLevel()));
    line.put("logger", String.valueOf(record.getLoggerName()));
    String message = formatMessage(record);
    if (String.valueOf(record.getLoggerName()).startsWith(OWN)) {
      putPairs(line, message);
    } else {
      line.put("message", message);
    }
    if (record.getThrown() != null) {
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace));
      line.put("exception", trace.toString());
    }
    return JsonText.text(line) + '\n';
  }

  /** The message is what stands before the first pair; all of it when there is nothing. */
  private static void putPairs(ObjectNode line, String message) {
    Matcher pair = PAIR.matcher(message);
    boolean isAny = pair.find();
    line.put("message", isAny && pair.start() > 0 ? message.substring(0, pair.start()) : message);
    while (isAny) {
      String key = pair.group("key");
      String quoted = pair.group("quoted");
      line.put(TAKEN.contains(key) ? key + "_" : key, quoted == null ? pair.group("bare") : quoted);
      isAny = pair.find();
    }
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "warning";
    }
    return level.intValue() >= Level.CONFIG.intValue() ? "info" : "debug";
  }
}
