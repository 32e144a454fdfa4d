package dev.reactorhub.event;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which events a subscriber wants: those whose channel matches one of the patterns and whose type
 * the rule lets through. Two filters that are equal choose the same events.
 *
 * @param channels patterns; may be empty: then nothing matches
 * @param types the rule for types
 */
public record EventFilter(Set<ChannelPattern> channels, TypeRule types) {
  /** Every event of the default channel: what a client gets until it says otherwise. */
  public static final EventFilter DEFAULT_CHANNEL = ofChannel(Channel.DEFAULT);

  /** Every event of every channel. */
  public static final EventFilter ALL = new EventFilter(Set.of(ChannelPattern.ALL), TypeRule.ALL);

  /** Copies the set. */
  public EventFilter {
    channels = Set.copyOf(channels);
  }

  /** Every event of one channel. */
  public static EventFilter ofChannel(Channel channel) {
    return new EventFilter(Set.of(ChannelPattern.of(channel)), TypeRule.ALL);
  }

  /** True when the event is wanted. */
  public boolean matches(Event event) {
    return matches(event.channel(), event.type());
  }

  /** True when an event of this channel and type is wanted. */
  public boolean matches(Channel channel, EventType type) {
    if (!types.allows(type)) {
      return false;
    }
    for (ChannelPattern pattern : channels) {
      if (pattern.matches(channel)) {
        return true;
      }
    }
    return false;
  }

  /** This filter with these channels as well. */
  public EventFilter plusChannels(Collection<ChannelPattern> more) {
    Set<ChannelPattern> all = new TreeSet<>(channels);
    all.addAll(more);
    return new EventFilter(all, types);
  }

  /** This filter without these channels. */
  public EventFilter minusChannels(Collection<ChannelPattern> less) {
    Set<ChannelPattern> rest = new TreeSet<>(channels);
    rest.removeAll(less);
    return new EventFilter(rest, types);
  }

  /** This filter with another rule for types. */
  public EventFilter withTypes(TypeRule rule) {
    return new EventFilter(channels, rule);
  }
}
