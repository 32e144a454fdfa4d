package dev.reactorhub.cli;

import dev.reactorhub.client.StartAt;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where in the log to begin. */
final class StartParser implements ITypeConverter<StartAt> {
  /** Epoch and seq; a time has colons. */
  private static final Pattern POSITION = Pattern.compile("[^.:\\s]+\\.\\d+");

  @Override
  public StartAt convert(String text) {
    if (text.equals("latest")) {
      return StartAt.latest();
    }
    if (text.equals("earliest")) {
      return StartAt.earliest();
    }
    if (POSITION.matcher(text).matches()) {
      return StartAt.after(text);
    }
    try {
      return StartAt.since(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' must be latest, earliest, a position such as k3x9.1042, or a time such as"
              + " 2026-01-31T12:00:00Z");
    }
  }
}
