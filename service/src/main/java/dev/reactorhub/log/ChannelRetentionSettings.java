package dev.reactorhub.log;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.InvalidNameException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Bounds for the events of the channels that match a pattern, taken together: what is beyond one of
 * them is removed, oldest first, before the bounds of the whole log would remove it.
 *
 * @param pattern the channels, but for those that an earlier rule matches
 * @param age events older than this are removed; zero: kept whatever their age
 * @param bytes the oldest events are removed while the rest is larger; 0: no bound
 * @param events the oldest events are removed while there are more; 0: no bound
 */
public record ChannelRetentionSettings(
    ChannelPattern pattern, Duration age, long bytes, long events) {
  /** Requires one bound at least. */
  public ChannelRetentionSettings {
    boolean isBound = !age.isZero() || bytes != 0 || events != 0;
    if (age.isNegative() || bytes < 0 || events < 0 || !isBound) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "retention of %s is %s, %d bytes, %d events: none may be negative, one must be set",
              pattern,
              age,
              bytes,
              events));
    }
  }

  /** A rule for a pattern given as text; empty when it is no pattern. */
  public static Optional<ChannelRetentionSettings> of(
      String pattern, Duration age, long bytes, long events) {
    try {
      return Optional.of(
          new ChannelRetentionSettings(new ChannelPattern(pattern), age, bytes, events));
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
  }

  /** True when both rules have the same pattern: the second would hold for no channel. */
  public boolean isShadowOf(ChannelRetentionSettings earlier) {
    return pattern.equals(earlier.pattern);
  }

  /** The place in the list of the rule that holds for a channel, the first that matches; or -1. */
  public static int ruleOf(List<ChannelRetentionSettings> rules, Channel channel) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).pattern().matches(channel)) {
        return i;
      }
    }
    return -1;
  }
}
