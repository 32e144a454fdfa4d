package dev.reactorhub.event;

/**
 * A name (channel, pattern, type, id, source, trace context) that breaks its rule. Thrown by the
 * constructors of this package; the message names what was wrong and the rule, and never repeats
 * more than a short, printable part of the input.
 */
public final class InvalidNameException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN_CHARS_MAX = 40;

  private final String what;

  InvalidNameException(String what, String value, String rule) {
    super(what + " \"" + printable(value) + "\" is not valid: " + rule);
    this.what = what;
  }

  /** Which name it is: channel, pattern, type, id, source, timestamp or traceparent. */
  public String what() {
    return what;
  }

  private static String printable(String value) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < value.length() && shown.length() < SHOWN_CHARS_MAX; i++) {
      char c = value.charAt(i);
      shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return value.length() > SHOWN_CHARS_MAX ? shown + "…" : shown.toString();
  }
}
