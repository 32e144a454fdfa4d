package dev.reactorhub.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A message as a line of JSON. */
final class JsonLogFormatterTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String OWN = "dev.reactorhub.app.Main";

  private final JsonLogFormatter formatter = new JsonLogFormatter();

  @Test
  void aLineSaysWhenHowSevereWhoAndWhat() throws IOException {
    assertThat(line(Level.SEVERE, OWN, "log failed: events are refused", null))
        .isEqualTo(
            MAPPER.readTree(
                """
                {"time":"2026-01-31T12:00:00.123Z","level":"error","logger":"dev.reactorhub.app.Main",
                 "message":"log failed: events are refused"}
                """));
    assertThat(line(Level.WARNING, OWN, "a", null).get("level").asText()).isEqualTo("warning");
    assertThat(line(Level.INFO, OWN, "a", null).get("level").asText()).isEqualTo("info");
    assertThat(line(Level.FINE, OWN, "a", null).get("level").asText()).isEqualTo("debug");
  }

  @Test
  void pairsBecomeFieldsAndEndAtTheNextOneOrAtTheirQuotes() throws IOException {
    JsonNode line =
        line(
            Level.INFO,
            OWN,
            "not well host=::1 limits.sessions=5 detail=\"a=b c, \n\" reason=there are none: x",
            null);

    assertThat(line.get("message").asText()).isEqualTo("not well");
    assertThat(line.get("host").asText()).isEqualTo("::1");
    assertThat(line.get("limits.sessions").asText()).isEqualTo("5");
    assertThat(line.get("detail").asText()).isEqualTo("a=b c, \n");
    assertThat(line.get("reason").asText()).isEqualTo("there are none: x");
  }

  @Test
  void aPairDoesNotTakeThePlaceOfAnotherField() throws IOException {
    JsonNode line = line(Level.INFO, OWN, "went time=5 level=high", null);

    assertThat(line.get("time_").asText()).isEqualTo("5");
    assertThat(line.get("level_").asText()).isEqualTo("high");
    assertThat(line.get("level").asText()).isEqualTo("info");
  }

  @Test
  void whatALibrarySaysIsLeftWhole() throws IOException {
    assertThat(line(Level.INFO, "io.netty.util", "see x=y z=1", null).get("message").asText())
        .isEqualTo("see x=y z=1");
  }

  @Test
  void anExceptionIsAFieldOnTheSameLine() throws IOException {
    JsonNode line =
        line(Level.SEVERE, OWN, "request_failed", new IllegalStateException("a \"b\"\nc"));

    assertThat(line.get("exception").asText())
        .startsWith("java.lang.IllegalStateException: a \"b\"\nc\n\tat ");
  }

  private JsonNode line(Level level, String logger, String message, @Nullable Throwable thrown)
      throws IOException {
    LogRecord record = new LogRecord(level, message);
    record.setLoggerName(logger);
    record.setInstant(Instant.parse("2026-01-31T12:00:00.123Z"));
    record.setThrown(thrown);
    String line = formatter.format(record);
    assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
    return MAPPER.readTree(line);
  }
}
