package dev.reactorhub.client;

import java.time.Duration;

/** What {@link ReactorClientBuilder} sets, with what each value means. */
record ClientSettings(
    Duration callTimeout,
    Duration publishTimeout,
    Duration silenceMax,
    int publishBytesMax,
    int publishEventsMax,
    int messageBytesMax,
    Duration positionSaveInterval,
    Backoff backoff) {

  /** The silence is more than two heartbeats of the hub (25 s): one may be late, two are not. */
  static final ClientSettings DEFAULT =
      new ClientSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          16 << 20,
          1000,
          64 << 20,
          Duration.ofSeconds(1),
          Backoff.DEFAULT);

  ClientSettings {
    requirePositive("callTimeout", callTimeout);
    requirePositive("publishTimeout", publishTimeout);
    requirePositive("silenceMax", silenceMax);
    requirePositive("publishBytesMax", publishBytesMax);
    requirePositive("publishEventsMax", publishEventsMax);
    requirePositive("messageBytesMax", messageBytesMax);
    if (positionSaveInterval.isNegative()) {
      throw new IllegalArgumentException(
          "positionSaveInterval is " + positionSaveInterval + ": must be zero or more");
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value + ": must be more than zero");
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ": must be at least 1");
    }
  }
}
