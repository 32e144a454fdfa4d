package dev.reactorhub.event;

import java.util.random.RandomGenerator;

/**
 * The name of one life of a log. It changes when a log is recreated, so that a position of another
 * life is recognised instead of being taken for one of this.
 *
 * @param value 1 to {@value #CHARS_MAX} characters of {@code a-z 0-9}
 */
public record Epoch(String value) {
  /** The longest epoch, in characters. */
  public static final int CHARS_MAX = 16;

  private static final int MADE_CHARS = 8;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  /** Validates the name. */
  public Epoch {
    if (!isValid(value)) {
      throw new InvalidNameException(
          "epoch", value, "must have 1 to " + CHARS_MAX + " characters of a-z 0-9");
    }
  }

  /** A new epoch, unlike any other with a probability of 1 - 1/36^8. */
  public static Epoch random(RandomGenerator random) {
    StringBuilder made = new StringBuilder(MADE_CHARS);
    for (int i = 0; i < MADE_CHARS; i++) {
      made.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new Epoch(made.toString());
  }

  static boolean isValid(String value) {
    if (value.isEmpty() || value.length() > CHARS_MAX) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return value;
  }
}
