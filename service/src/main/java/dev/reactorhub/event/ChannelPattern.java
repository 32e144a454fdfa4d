package dev.reactorhub.event;

/**
 * A channel, or a pattern over channels as in NATS: {@code *} stands for exactly one token, a last
 * {@code >} for one or more. {@code news.*} matches {@code news.eu}; {@code news.>} matches {@code
 * news.eu.berlin} too, but not {@code news}.
 *
 * @param value at most {@value Channel#CHARS_MAX} characters
 */
public record ChannelPattern(String value) implements Comparable<ChannelPattern> {
  /** The pattern that matches every channel. */
  public static final ChannelPattern ALL = new ChannelPattern(">");

  /** Validates the pattern. */
  public ChannelPattern {
    Channel.requireTokens("channel", value, true);
  }

  /** The pattern that matches this channel alone. */
  public static ChannelPattern of(Channel channel) {
    return new ChannelPattern(channel.value());
  }

  /** True when the pattern holds no wildcard and so names one channel. */
  public boolean isLiteral() {
    return value.indexOf('*') < 0 && value.indexOf('>') < 0;
  }

  /**
   * The channel that a literal pattern names.
   *
   * @throws IllegalStateException when the pattern has a wildcard
   */
  public Channel channel() {
    if (!isLiteral()) {
      throw new IllegalStateException("pattern " + value + " names no single channel");
    }
    return new Channel(value);
  }

  /** True when the channel matches. */
  public boolean matches(Channel channel) {
    String name = channel.value();
    if (value.equals(name)) {
      return true; // No channel has a wildcard in its name.
    }
    int p = 0;
    int n = 0;
    while (true) {
      if (value.charAt(p) == '>') {
        return true;
      }
      int patternEnd = tokenEnd(value, p);
      int nameEnd = tokenEnd(name, n);
      boolean sameToken =
          value.charAt(p) == '*'
              || (patternEnd - p == nameEnd - n && value.regionMatches(p, name, n, nameEnd - n));
      if (!sameToken) {
        return false;
      }
      boolean patternDone = patternEnd == value.length();
      boolean nameDone = nameEnd == name.length();
      if (patternDone || nameDone) {
        return patternDone && nameDone;
      }
      p = patternEnd + 1;
      n = nameEnd + 1;
    }
  }

  @Override
  public int compareTo(ChannelPattern other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static int tokenEnd(String s, int from) {
    int dot = s.indexOf('.', from);
    return dot < 0 ? s.length() : dot;
  }
}
