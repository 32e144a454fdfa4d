package dev.reactorhub.wire;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Makes UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, the rest random. Any
 * thread.
 */
final class UuidV7 {
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  UuidV7(InstantSource clock) {
    this.clock = clock;
  }

  UUID next() {
    long millis = clock.millis() & 0xFFFF_FFFF_FFFFL;
    long high = (millis << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
