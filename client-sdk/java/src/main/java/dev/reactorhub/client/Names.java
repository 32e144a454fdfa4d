package dev.reactorhub.client;

import java.util.regex.Pattern;

/** The hub's rules for names, checked here so that a mistake shows at the line that makes it. */
final class Names {
  static final int CHARS_MAX = 128;
  static final int CHANNEL_CHARS_MAX = 256;
  static final int CONSUMER_CHARS_MAX = 64;

  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.:-]{1," + CHARS_MAX + "}");
  private static final String TOKEN = "[A-Za-z0-9_:-]+";
  private static final Pattern CHANNEL = Pattern.compile(TOKEN + "(\\." + TOKEN + ")*");
  private static final Pattern CHANNEL_PATTERN =
      Pattern.compile("((" + TOKEN + "|\\*)(\\.(" + TOKEN + "|\\*))*(\\.>)?)|>");

  private Names() {}

  static String type(String type) {
    return require(TYPE.matcher(type).matches(), "type", type);
  }

  static String channel(String channel) {
    boolean valid = channel.length() <= CHANNEL_CHARS_MAX && CHANNEL.matcher(channel).matches();
    return require(valid, "channel", channel);
  }

  static String consumer(String name) {
    boolean valid = name.length() <= CONSUMER_CHARS_MAX && CHANNEL.matcher(name).matches();
    return require(valid, "consumer", name);
  }

  static String channelPattern(String pattern) {
    boolean valid =
        pattern.length() <= CHANNEL_CHARS_MAX && CHANNEL_PATTERN.matcher(pattern).matches();
    return require(valid, "channel", pattern);
  }

  /** An id or a source: 1 to 128 characters, no control characters. */
  static String text(String what, String text) {
    boolean valid =
        !text.isEmpty()
            && text.codePointCount(0, text.length()) <= CHARS_MAX
            && text.codePoints().noneMatch(Character::isISOControl);
    return require(valid, what, text);
  }

  static String position(String position) {
    return require(!position.isBlank(), "position", position);
  }

  private static String require(boolean valid, String what, String value) {
    if (!valid) {
      throw new IllegalArgumentException("not a valid " + what + ": \"" + value + "\"");
    }
    return value;
  }
}
