package dev.reactorhub.workload;

import dev.reactorhub.history.Content;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which events a subscriber asks for, and what that means, said without the product's own filter.
 *
 * @param channels channels and patterns, of which these are understood: a channel, {@code >}, and
 *     {@code x.*}
 * @param types none: every type
 */
record Interest(List<String> channels, List<String> types) {
  boolean test(Content content) {
    return (types.isEmpty() || types.contains(content.type()))
        && channels.stream().anyMatch(pattern -> matches(pattern, content.channel()));
  }

  /** {@code ?channels=…&types=…}. */
  String query() {
    String channel = URLEncoder.encode(String.join(",", channels), StandardCharsets.UTF_8);
    return "?channels=" + channel + (types.isEmpty() ? "" : "&types=" + String.join(",", types));
  }

  private static boolean matches(String pattern, String channel) {
    if (pattern.equals(">")) {
      return true;
    }
    if (!pattern.endsWith(".*")) {
      return pattern.equals(channel);
    }
    String beginning = pattern.substring(0, pattern.length() - 1);
    return channel.startsWith(beginning) && channel.indexOf('.', beginning.length()) < 0;
  }
}
