package dev.reactorhub.client;

import java.time.InstantSource;
import java.util.UUID;

/** Makes event ids: UUIDv7 (RFC 9562), 48 bits of time and 74 random ones. Any thread. */
final class EventIds {
  private static final long RANDOM_BITS = 0x0FFFL;
  private static final long VERSION_7 = 0x7000L;

  private final InstantSource clock;

  EventIds(InstantSource clock) {
    this.clock = clock;
  }

  String next() {
    // A version 4 UUID has the variant in place and random bits where version 7 wants them.
    UUID random = UUID.randomUUID();
    long high =
        (clock.millis() << 16) | VERSION_7 | (random.getMostSignificantBits() & RANDOM_BITS);
    return new UUID(high, random.getLeastSignificantBits()).toString();
  }
}
