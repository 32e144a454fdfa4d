package dev.reactorhub.workload;

import java.net.http.HttpClient;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A {@link ReturningCursor} on a face of its own, with a thread of its own. */
record ReturningSubscriber(
    ReadingFace face,
    HttpClient http,
    Supplier<Endpoint> endpoint,
    ReturningCursor cursor,
    BooleanSupplier isOver)
    implements Runnable {
  @Override
  public void run() {
    while (!isOver.getAsBoolean()) {
      cursor.asks();
      try {
        face.follow(
            new ReadingFace.Connection(
                http,
                endpoint.get(),
                () -> true,
                cursor.interest(),
                cursor.subscriber(),
                cursor,
                isOver));
      } catch (Broken e) {
        // Asked again below, as after any other end.
      }
      long untilNanos = cursor.lost();
      while (!isOver.getAsBoolean() && untilNanos - System.nanoTime() > 0) {
        LockSupport.parkNanos(untilNanos - System.nanoTime());
      }
    }
  }
}
