package dev.reactorhub.client;

import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes plain values as JSON (RFC 8259): maps with text keys, iterables, texts, numbers, booleans
 * and null. For the data of small events; whoever has more hands in JSON made by a library.
 */
final class Json {
  /** Deeper than any data is meant to be; a map that holds itself ends here. */
  private static final int DEPTH_MAX = 100;

  private final StringBuilder text = new StringBuilder();

  private Json() {}

  static String of(Map<String, ?> data) {
    Json json = new Json();
    json.map(data, 0);
    return json.text.toString();
  }

  private void value(@Nullable Object value, int depth) {
    if (depth > DEPTH_MAX) {
      throw new IllegalArgumentException("data is deeper than " + DEPTH_MAX + " levels");
    }
    if (value == null || value instanceof Boolean) {
      text.append(value);
    } else if (value instanceof Number number) {
      number(number);
    } else if (value instanceof CharSequence || value instanceof Enum<?>) {
      string(value.toString());
    } else if (value instanceof Map<?, ?> map) {
      map(map, depth);
    } else if (value instanceof Iterable<?> items) {
      list(items, depth);
    } else {
      throw new IllegalArgumentException(
          "data holds a "
              + value.getClass().getName()
              + ": must be maps, iterables, texts, numbers, booleans or null");
    }
  }

  private void number(Number number) {
    if (!Double.isFinite(number.doubleValue())
        && (number instanceof Double || number instanceof Float)) {
      throw new IllegalArgumentException("data holds " + number + ": JSON has no such number");
    }
    text.append(number);
  }

  private void map(Map<?, ?> map, int depth) {
    text.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(separator);
      string(String.valueOf(entry.getKey()));
      text.append(':');
      value(entry.getValue(), depth + 1);
      separator = ",";
    }
    text.append('}');
  }

  private void list(Iterable<?> items, int depth) {
    text.append('[');
    Iterator<?> iterator = items.iterator();
    while (iterator.hasNext()) {
      value(iterator.next(), depth + 1);
      if (iterator.hasNext()) {
        text.append(',');
      }
    }
    text.append(']');
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        // Half a pair has no UTF-8; escaped, any text survives.
        text.append("\\u").append(Character.forDigit(c >> 12, 16));
        text.append(Character.forDigit((c >> 8) & 0xF, 16));
        text.append(Character.forDigit((c >> 4) & 0xF, 16));
        text.append(Character.forDigit(c & 0xF, 16));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
