package dev.reactorhub.event;

import java.util.Optional;

/**
 * The one resume token: a place in one life of the log, printed as {@code <epoch>.<seq>}, for
 * example {@code k3x9.1042}. "After" a position means: the events whose seq is greater.
 *
 * @param epoch the log's epoch
 * @param seq 0 (before the first event) or more
 */
public record Position(Epoch epoch, long seq) {
  private static final int SEQ_DIGITS_MAX = 18;

  /** Validates the seq. */
  public Position {
    if (seq < 0) {
      throw new IllegalArgumentException("seq is " + seq + ": must be 0 or more");
    }
  }

  /** Reads what {@link #toString} prints; empty when the text is no position. */
  public static Optional<Position> parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0 || !Epoch.isValid(text.substring(0, dot))) {
      return Optional.empty();
    }
    String digits = text.substring(dot + 1);
    if (digits.isEmpty() || digits.length() > SEQ_DIGITS_MAX) {
      return Optional.empty();
    }
    long seq = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return Optional.empty();
      }
      seq = seq * 10 + (c - '0');
    }
    return Optional.of(new Position(new Epoch(text.substring(0, dot)), seq));
  }

  @Override
  public String toString() {
    return epoch.value() + "." + seq;
  }
}
