package dev.reactorhub.grpc;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The open subscriptions, and the one thread that looks after their heartbeats. Any thread. */
final class SubscribeStreams implements AutoCloseable {
  private static final long TICKS_PER_HEARTBEAT = 10;
  private static final Duration TICK_MAX = Duration.ofSeconds(1);

  private final GrpcSettings settings;
  private final Executor senders;
  private final Set<SubscribeStream> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("grpc-heartbeat").factory());

  SubscribeStreams(GrpcSettings settings, Executor senders) {
    this.settings = settings;
    this.senders = senders;
  }

  void start() {
    long tickNanos =
        Math.min(settings.heartbeat().toNanos() / TICKS_PER_HEARTBEAT, TICK_MAX.toNanos());
    var _ =
        ticker.scheduleWithFixedDelay(
            () -> open.forEach(stream -> stream.tick(System.nanoTime())),
            tickNanos,
            tickNanos,
            TimeUnit.NANOSECONDS);
  }

  GrpcSettings settings() {
    return settings;
  }

  Executor senders() {
    return senders;
  }

  void add(SubscribeStream stream) {
    open.add(stream);
  }

  void remove(SubscribeStream stream) {
    open.remove(stream);
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
