package dev.reactorhub.event;

/**
 * A room: dot-separated tokens, for example {@code news.eu}.
 *
 * @param value 1 to {@value #CHARS_MAX} characters; each token has one or more of {@code A-Z a-z
 *     0-9 _ - :}
 */
public record Channel(String value) implements Comparable<Channel> {
  /** The longest channel or pattern, in characters. */
  public static final int CHARS_MAX = 256;

  /** The channel of an event whose publisher named none. */
  public static final Channel DEFAULT = new Channel("default");

  /** Validates the name. */
  public Channel {
    requireTokens("channel", value, false);
  }

  @Override
  public int compareTo(Channel other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  /** The one rule for channels and, when wildcards are allowed, for patterns. */
  static void requireTokens(String what, String value, boolean wildcards) {
    if (value.isEmpty() || value.length() > CHARS_MAX) {
      throw new InvalidNameException(what, value, "must have 1 to " + CHARS_MAX + " characters");
    }
    int start = 0;
    while (true) {
      int dot = value.indexOf('.', start);
      int end = dot < 0 ? value.length() : dot;
      requireToken(what, value, start, end, wildcards);
      if (dot < 0) {
        return;
      }
      start = dot + 1;
    }
  }

  private static void requireToken(
      String what, String value, int start, int end, boolean wildcards) {
    if (start == end) {
      throw new InvalidNameException(what, value, "a token between dots must not be empty");
    }
    if (wildcards && end - start == 1) {
      char only = value.charAt(start);
      if (only == '*' || (only == '>' && end == value.length())) {
        return;
      }
    }
    for (int i = start; i < end; i++) {
      if (!Names.isTokenChar(value.charAt(i))) {
        throw new InvalidNameException(
            what,
            value,
            wildcards
                ? "tokens are made of A-Z a-z 0-9 _ - : or are * (one token) or a last > (the rest)"
                : "tokens are made of A-Z a-z 0-9 _ - :");
      }
    }
  }
}
