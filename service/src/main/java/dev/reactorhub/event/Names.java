package dev.reactorhub.event;

/** The character rules shared by the names of this package. */
final class Names {
  private Names() {}

  /**
   * Checks a free-form name: 1 to {@code charsMax} characters, none of them a control character.
   */
  static String requireText(String what, String value, int charsMax) {
    if (value.isEmpty() || value.length() > charsMax) {
      throw new InvalidNameException(what, value, "must have 1 to " + charsMax + " characters");
    }
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        throw new InvalidNameException(what, value, "must not contain control characters");
      }
    }
    requirePairedSurrogates(what, value);
    return value;
  }

  /** True for the characters of types and of channel tokens: A-Z a-z 0-9 _ - : */
  static boolean isTokenChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || c == ':';
  }

  private static void requirePairedSurrogates(String what, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean isPair =
            Character.isHighSurrogate(c)
                && i + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(i + 1));
        if (!isPair) {
          throw new InvalidNameException(what, value, "must be valid Unicode");
        }
        i++;
      }
    }
  }
}
