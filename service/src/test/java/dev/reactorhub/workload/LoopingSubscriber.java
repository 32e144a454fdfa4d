package dev.reactorhub.workload;

import dev.reactorhub.event.Position;
import dev.reactorhub.history.Subscriber;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Follows the log until it is told where to end; after each break it goes on, on another face. */
final class LoopingSubscriber implements Runnable {
  private static final List<ReadingFace> FACES = List.of(ReadingFace.values());
  private static final Duration RETRY = Duration.ofMillis(20);

  private final HttpClient http;
  private final Supplier<Endpoint> endpoint;
  private final Interest interest;
  private final Subscriber subscriber;
  private final SplittableRandom random;
  private final AtomicInteger breaks = new AtomicInteger();
  private volatile @Nullable Position end;

  LoopingSubscriber(
      HttpClient http,
      Supplier<Endpoint> endpoint,
      Interest interest,
      Subscriber subscriber,
      SplittableRandom random) {
    this.http = http;
    this.endpoint = endpoint;
    this.interest = interest;
    this.subscriber = subscriber;
    this.random = random;
  }

  /** How often a connection ended before it should. */
  int breaks() {
    return breaks.get();
  }

  /** Everything up to here, and then no more. */
  void endAt(Position position) {
    end = position;
  }

  @Override
  public void run() {
    int face = random.nextInt(FACES.size());
    while (!isDone()) {
      Endpoint to = endpoint.get();
      try {
        FACES
            .get(face)
            .follow(
                new ReadingFace.Connection(
                    http,
                    to,
                    () -> to.equals(endpoint.get()),
                    interest,
                    subscriber,
                    ReadingFace.Hearing.NONE,
                    this::isDone));
      } catch (Broken e) {
        breaks.incrementAndGet();
        LockSupport.parkNanos(RETRY.toNanos());
      }
      face = (face + 1 + random.nextInt(2)) % FACES.size();
    }
  }

  private boolean isDone() {
    Position last = end;
    Position now = subscriber.position();
    return last != null && now.epoch().equals(last.epoch()) && now.seq() >= last.seq();
  }
}
