package dev.reactorhub.consumer;

import dev.reactorhub.consumer.ConsumerInfo.Counts;
import java.time.Instant;
import java.util.Optional;

/** What is counted of a consumer since it was made. Guarded by the consumer's lock. */
final class Tally {
  private long acknowledged;
  private long redelivered;
  private long parked;
  private Optional<Instant> acknowledgedAt;

  Tally(Counts counts) {
    this.acknowledged = counts.acknowledged();
    this.redelivered = counts.redelivered();
    this.parked = counts.parked();
    this.acknowledgedAt = counts.acknowledgedAt();
  }

  void acknowledged(int events, Instant now) {
    if (events > 0) {
      acknowledged += events;
      acknowledgedAt = Optional.of(now);
    }
  }

  void redelivered(long events) {
    redelivered += events;
  }

  void parked() {
    parked++;
  }

  Counts counts() {
    return new Counts(acknowledged, redelivered, parked, acknowledgedAt);
  }
}
