package dev.reactorhub.consumer;

import java.time.Duration;
import java.util.Locale;

/**
 * What consumers obey.
 *
 * @param consumersMax names, used or not
 * @param outstandingEventsMax events between the cursor of one consumer and the newest that was
 *     read for it; no client is granted more
 * @param outstandingBytesMax bytes that one client may have outstanding
 * @param ackDeadlineMin the shortest deadline that a client may ask for
 * @param ackDeadlineMax the longest
 * @param ackDeadline that of clients that ask for none
 * @param attempts deliveries of an event that may fail, unless the consumer says otherwise
 * @param attemptsMax the most that it may say
 * @param delayMax the longest delay of a rejected event
 */
public record ConsumerSettings(
    int consumersMax,
    int outstandingEventsMax,
    long outstandingBytesMax,
    Duration ackDeadlineMin,
    Duration ackDeadlineMax,
    Duration ackDeadline,
    int attempts,
    int attemptsMax,
    Duration delayMax) {
  /** 1,000 names; 10,000 events, 64 MiB; 1 s to 1 h, 30 s; 5 attempts, at most 100; 1 h. */
  public static final ConsumerSettings DEFAULTS =
      new ConsumerSettings(
          1_000,
          10_000,
          64L << 20,
          Duration.ofSeconds(1),
          Duration.ofHours(1),
          Duration.ofSeconds(30),
          5,
          100,
          Duration.ofHours(1));

  /** Validates the bounds. */
  public ConsumerSettings {
    if (consumersMax < 1 || outstandingEventsMax < 1 || outstandingBytesMax < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "consumers are limited to %d, %d events and %d bytes outstanding: must be 1 or more",
              consumersMax,
              outstandingEventsMax,
              outstandingBytesMax));
    }
    if (!ackDeadlineMin.isPositive()
        || ackDeadline.compareTo(ackDeadlineMin) < 0
        || ackDeadline.compareTo(ackDeadlineMax) > 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "acknowledgement deadline is %s, from %s to %s: must be positive and within",
              ackDeadline,
              ackDeadlineMin,
              ackDeadlineMax));
    }
    if (attempts < 1 || attempts > attemptsMax || delayMax.isNegative()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "attempts are %d, at most %d, delays %s: must be 1 or more, within, not negative",
              attempts,
              attemptsMax,
              delayMax));
    }
  }
}
