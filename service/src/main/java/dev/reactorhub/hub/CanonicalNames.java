package dev.reactorhub.hub;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.EventType;

/**
 * Gives equal names as one object, as a rule: it knows those that came last. So what is asked of
 * every event for every subscriber is read from the same few places of memory. One thread.
 */
final class CanonicalNames {
  private static final int SLOTS = 1 << 10;

  private final Channel[] channels = new Channel[SLOTS];
  private final EventType[] types = new EventType[SLOTS];

  /** This channel. */
  Channel of(Channel channel) {
    return known(channels, channel);
  }

  /** This type. */
  EventType of(EventType type) {
    return known(types, type);
  }

  private static <T> T known(T[] slots, T name) {
    int hash = name.hashCode();
    int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
    if (!name.equals(slots[slot])) {
      slots[slot] = name;
    }
    return slots[slot];
  }
}
