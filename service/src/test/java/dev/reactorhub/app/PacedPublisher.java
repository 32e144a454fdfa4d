package dev.reactorhub.app;

import dev.reactorhub.client.ReactorClient;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes numbered events at a steady rate on a thread of its own. The time in each is when it
 * was due, so that a hub that holds up its publishers cannot hide it.
 */
final class PacedPublisher implements AutoCloseable {
  private final ReactorClient client;
  private final int eventsPerSecond;
  private final int dataBytes;
  private final Thread thread;
  private volatile boolean isClosed;
  private volatile long published;

  PacedPublisher(ReactorClient client, int eventsPerSecond, int dataBytes) {
    this.client = client;
    this.eventsPerSecond = eventsPerSecond;
    this.dataBytes = dataBytes;
    this.thread = Thread.ofPlatform().name("paced-publisher").start(this::publish);
  }

  /** How many were acknowledged. */
  long published() {
    return published;
  }

  /** Publishes no more, and waits for the last acknowledgement. */
  @Override
  public void close() {
    isClosed = true;
    try {
      if (!thread.join(Duration.ofSeconds(30))) {
        throw new AssertionError("the publisher is not answered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish() {
    long intervalNanos = 1_000_000_000L / eventsPerSecond;
    long dueNanos = System.nanoTime();
    for (long number = 0; !isClosed; number++) {
      dueNanos += intervalNanos;
      LockSupport.parkNanos(dueNanos - System.nanoTime());
      var _ = client.publish(new NumberedEvent(number, dueNanos).toPublish(dataBytes));
      published = number + 1;
    }
  }
}
