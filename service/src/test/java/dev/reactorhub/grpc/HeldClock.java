package dev.reactorhub.grpc;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/**
 * A clock that tells nobody the time until it is released or closed: a log that asks it stores
 * nothing till then.
 */
final class HeldClock implements InstantSource, AutoCloseable {
  private final CountDownLatch released = new CountDownLatch(1);

  void release() {
    released.countDown();
  }

  @Override
  public Instant instant() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return GrpcFixture.NOW;
  }

  @Override
  public void close() {
    release();
  }
}
