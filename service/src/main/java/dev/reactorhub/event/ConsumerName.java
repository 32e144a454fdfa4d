package dev.reactorhub.event;

/**
 * The name of a durable consumer, for example {@code billing} or {@code mail.welcome}.
 *
 * @param value 1 to {@value #CHARS_MAX} characters, under the rule of channels
 */
public record ConsumerName(String value) implements Comparable<ConsumerName> {
  /** The longest name, in characters. */
  public static final int CHARS_MAX = 64;

  /** Validates the name. */
  public ConsumerName {
    if (value.isEmpty() || value.length() > CHARS_MAX) {
      throw new InvalidNameException(
          "consumer", value, "must have 1 to " + CHARS_MAX + " characters");
    }
    Channel.requireTokens("consumer", value, false);
  }

  @Override
  public int compareTo(ConsumerName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
