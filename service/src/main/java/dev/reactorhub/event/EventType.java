package dev.reactorhub.event;

/**
 * The Reactor event name, for example {@code news_processed}.
 *
 * @param value 1 to {@value #CHARS_MAX} characters of {@code A-Z a-z 0-9 _ - : .}
 */
public record EventType(String value) implements Comparable<EventType> {
  /** The longest type, in characters. */
  public static final int CHARS_MAX = 128;

  /** Validates the name. */
  public EventType {
    if (value.isEmpty() || value.length() > CHARS_MAX) {
      throw new InvalidNameException("type", value, "must have 1 to " + CHARS_MAX + " characters");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!Names.isTokenChar(c) && c != '.') {
        throw new InvalidNameException(
            "type", value, "only the characters A-Z a-z 0-9 _ - : . are allowed");
      }
    }
  }

  @Override
  public int compareTo(EventType other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
