package dev.reactorhub.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reactorhub.event.Event;
import dev.reactorhub.event.Json;
import dev.reactorhub.log.LogRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventJsonTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.5Z");

  @Test
  void anEventIsWrittenWithNamesEscapedAndDataToTheLetter() {
    Event event =
        new Event(
            "q\"\\",
            Drafts.type("t"),
            Drafts.channel("c.d"),
            "ü",
            NOW,
            Json.ofValidated(bytes("[1.10,\"\\u0041\"]")),
            "00-a-b-01");

    assertThat(new String(EventJson.encode(new LogRecord(7, NOW, event)), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"t\",\"data\":[1.10,\"\\u0041\"],\"id\":\"q\\\"\\\\\",\"seq\":7,"
                + "\"channel\":\"c.d\",\"source\":\"ü\",\"timestamp\":\"2026-01-31T12:00:00.500Z\","
                + "\"traceparent\":\"00-a-b-01\"}");
  }

  @Test
  void whatTheHubDeliveredCanBeSentAgain() {
    Event event =
        new Event(
            "i", Drafts.type("t"), Drafts.channel("c"), "s", NOW, Json.EMPTY_OBJECT, "00-a-b-01");
    List<EventDraft> drafts = EventJson.decode(EventJson.encode(new LogRecord(7, NOW, event)));

    assertThat(drafts)
        .containsExactly(
            new EventDraft(
                "i",
                Drafts.type("t"),
                Drafts.channel("c"),
                "s",
                NOW,
                Json.EMPTY_OBJECT,
                "00-a-b-01"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.10",
        "-0",
        "1e400",
        "123456789012345678901234567890",
        "\"a\\n\\ud83d\\ude00\"",
        "null",
        "true",
        "[]",
        "{\"a\":1,\"a\":2}",
        "[ 1 , [ ] ]",
        "\"\""
      })
  void dataIsKeptToTheLetter(String data) {
    for (String text :
        List.of(
            "{\"type\":\"t\",\"data\":" + data + "}", "{\"data\": " + data + " ,\"type\":\"t\"}")) {
      assertThat(EventJson.decode(bytes(text)).getFirst().data()).hasToString(data);
    }
  }

  @Test
  void lineBreaksBetweenTokensAreTakenOut() {
    assertThat(
            EventJson.decode(bytes("{\"type\":\"t\",\"data\":{\r\n \"a\":\n1}}")).getFirst().data())
        .hasToString("{ \"a\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{                                | malformed_json",
        "''                               | malformed_json",
        "{\"type\":\"t\"}}                | malformed_json",
        "{\"type\":\"t\",\"data\":01}     | malformed_json",
        "{\"type\":\"t\",\"data\":NaN}    | malformed_json",
        "{'type':1}                       | malformed_json",
        "5                                | invalid_event",
        "[[]]                             | invalid_event",
        "{\"data\":{}}                    | invalid_event",
        "{\"type\":5}                     | invalid_event",
        "{\"type\":\"t\",\"timestamp\":\"yesterday\"} | invalid_event",
        "{\"type\":\"\"}                  | invalid_name",
        "{\"type\":\"t\",\"channel\":\">\"} | invalid_name",
      })
  void whatIsNoEventIsRefusedByItsCode(String text, String code) {
    assertThat(refusal(bytes(text))).isEqualTo(code);
  }

  @Test
  void nestingHasALimit() {
    String deep = "[".repeat(JsonText.DEPTH_MAX + 1) + "]".repeat(JsonText.DEPTH_MAX + 1);

    assertThat(refusal(bytes("{\"type\":\"t\",\"data\":" + deep + "}")))
        .isEqualTo("malformed_json");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[][] notUtf8 = {
      {(byte) 0xFF},
      {(byte) 0xC0, (byte) 0x80},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {(byte) 0xE2, (byte) 0x82}
    };
    for (byte[] wrong : notUtf8) {
      byte[] text = bytes("{\"type\":\"t\",\"data\":\"????\"}");
      System.arraycopy(wrong, 0, text, 20, wrong.length);
      assertThat(refusal(text)).as(Arrays.toString(wrong)).isEqualTo("malformed_utf8");
    }
  }

  private static String refusal(byte[] text) {
    return catchThrowableOfType(ProblemException.class, () -> EventJson.decode(text))
        .problem()
        .code()
        .code();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
