package dev.reactorhub.client;

import java.util.List;

/**
 * Which events a subscriber wants: those of any of the channels and, if types are named, of any of
 * the types.
 *
 * @param channels channels or patterns: {@code *} stands for one token, a last {@code >} for one or
 *     more. Empty: the default channel only
 * @param types event types, exact. Empty: every type
 */
public record Filter(List<String> channels, List<String> types) {
  private static final Filter DEFAULT_CHANNEL = new Filter(List.of(), List.of());

  /**
   * Copies the lists and checks the names by the hub's rules; how many are allowed the hub says.
   */
  public Filter {
    channels = List.copyOf(channels);
    types = List.copyOf(types);
    channels.forEach(Names::channelPattern);
    types.forEach(Names::type);
  }

  /**
   * Every event of the default channel.
   *
   * @return the filter
   */
  public static Filter defaultChannel() {
    return DEFAULT_CHANNEL;
  }

  /**
   * Every event of some channels.
   *
   * @param channels channels or patterns
   * @return the filter
   */
  public static Filter channels(String... channels) {
    return new Filter(List.of(channels), List.of());
  }

  /**
   * This filter, narrowed to some types.
   *
   * @param names event types, exact; they replace those of this filter
   * @return the filter
   */
  public Filter ofTypes(String... names) {
    return new Filter(channels, List.of(names));
  }
}
