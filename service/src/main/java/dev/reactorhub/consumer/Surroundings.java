package dev.reactorhub.consumer;

import dev.reactorhub.hub.Hub;
import dev.reactorhub.log.NamedCursors;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** What all consumers share. Any thread. */
final class Surroundings {
  private final Consumers.Parts parts;
  private final ConsumerSettings settings;
  private volatile boolean isDraining;

  Surroundings(Consumers.Parts parts, ConsumerSettings settings) {
    this.parts = parts;
    this.settings = settings;
  }

  Hub hub() {
    return parts.hub();
  }

  NamedCursors cursors() {
    return parts.cursors();
  }

  ConsumerSettings settings() {
    return settings;
  }

  /** For times that people are told. */
  InstantSource clock() {
    return parts.clock();
  }

  /** For what may wait for the log: a virtual thread each. */
  Executor executor() {
    return Thread::startVirtualThread;
  }

  /** By the monotonic clock. */
  long nanos() {
    return parts.monotonicNanos().getAsLong();
  }

  /** The hub is stopping: a stream that ends is no failure of its events. */
  boolean isDraining() {
    return isDraining;
  }

  void drain() {
    isDraining = true;
  }
}
