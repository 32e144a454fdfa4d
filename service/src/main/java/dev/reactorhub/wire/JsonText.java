package dev.reactorhub.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.reactorhub.event.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Strict reading of JSON (RFC 8259) from bytes: one value, UTF-8, at most {@value #DEPTH_MAX}
 * levels deep; and its writing. Any thread.
 */
public final class JsonText {
  /** The deepest nesting of arrays and objects. */
  public static final int DEPTH_MAX = 500;

  /** Strings are bounded by the message they come in, numbers by Jackson's own thousand digits. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Names are the clients': they must not pile up in the JVM's table of strings.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          // The other pool leaves a buffer with each thread, and each connection has one.
          .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
          .build();

  private static final JsonMapper MAPPER = new JsonMapper(FACTORY);

  private static final int GUESSED_FROM_BYTES = 4;
  private static final byte BYTE_ORDER_MARK_FIRST = (byte) 0xEF;

  private JsonText() {}

  /** The text of a value. */
  public static String text(JsonNode value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getMessage(), e);
    }
  }

  /** As {@link #text}, in UTF-8. */
  public static byte[] utf8(JsonNode value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getMessage(), e);
    }
  }

  /**
   * Checks that the bytes are one JSON value and keeps them as they are, but for line breaks
   * between tokens, which are removed: a value never spans lines.
   *
   * @throws ProblemException malformed_json or malformed_utf8
   */
  public static Json parse(byte[] utf8) {
    requireUtf8(utf8);
    try (JsonParser parser = parser(utf8)) {
      if (parser.nextToken() == null) {
        throw malformed("the text is empty");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw malformed("there is more after the JSON value");
      }
    } catch (IOException e) {
      throw malformed(e);
    }
    return oneLine(utf8, 0, utf8.length);
  }

  /**
   * A parser over bytes that are known to be UTF-8.
   *
   * @throws ProblemException when they begin as UTF-16 or UTF-32 would, or with a byte order mark
   */
  static JsonParser parser(byte[] utf8) throws IOException {
    requireNoOtherEncoding(utf8);
    return FACTORY.createParser(utf8);
  }

  /**
   * Jackson guesses the encoding from the first four bytes: {@code [}, NUL would be read as UTF-16
   * although it is UTF-8, and no JSON.
   */
  private static void requireNoOtherEncoding(byte[] utf8) {
    for (int i = 0; i < Math.min(utf8.length, GUESSED_FROM_BYTES); i++) {
      if (utf8[i] == 0) {
        throw malformed("it contains a NUL character");
      }
    }
    if (utf8.length > 0 && utf8[0] == BYTE_ORDER_MARK_FIRST) {
      throw malformed("it begins with a byte order mark or another character that is no JSON");
    }
  }

  /**
   * The value that the parser stands at, as its bytes in the text; leaves the parser at its end.
   *
   * @param utf8 the text that the parser reads from its first byte
   */
  static Json valueAt(JsonParser parser, byte[] utf8) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    JsonToken token = parser.currentToken();
    if (token.isScalarValue() && token != JsonToken.VALUE_STRING) {
      return Json.ofValidated(parser.getText().getBytes(StandardCharsets.UTF_8));
    }
    if (token == JsonToken.VALUE_STRING) {
      parser.finishToken();
    } else {
      parser.skipChildren();
    }
    int end = (int) parser.currentLocation().getByteOffset();
    return oneLine(utf8, start, end);
  }

  /** Fails unless the bytes are UTF-8 (RFC 3629: no surrogates, no overlong forms). */
  static void requireUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw new ProblemException(ErrorCode.MALFORMED_UTF8, "the text is not valid UTF-8");
    }
  }

  static ProblemException malformed(IOException cause) {
    if (cause instanceof com.fasterxml.jackson.core.JacksonException json) {
      String where =
          json.getLocation() == null
              ? ""
              : String.format(
                  Locale.ROOT,
                  " (line %d, column %d)",
                  json.getLocation().getLineNr(),
                  json.getLocation().getColumnNr());
      return malformed(firstSentence(String.valueOf(json.getOriginalMessage())) + where);
    }
    return malformed("the text ends too early");
  }

  static ProblemException malformed(String detail) {
    return new ProblemException(ErrorCode.MALFORMED_JSON, "not valid JSON: " + detail);
  }

  /** Jackson's messages end with hints on its own settings: those are not for our clients. */
  private static String firstSentence(String message) {
    int hint = message.indexOf(" (");
    return hint < 0 ? message : message.substring(0, hint);
  }

  private static Json oneLine(byte[] utf8, int start, int end) {
    byte[] kept = new byte[end - start];
    int length = 0;
    for (int i = start; i < end; i++) {
      // JSON strings hold no raw control characters, so these stand between tokens only.
      if (utf8[i] != '\n' && utf8[i] != '\r') {
        kept[length++] = utf8[i];
      }
    }
    return Json.ofValidated(length == kept.length ? kept : java.util.Arrays.copyOf(kept, length));
  }
}
