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
  private final Set<HeldStream> open = ConcurrentHashMap.newKeySet();
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

  void add(HeldStream stream) {
    open.add(stream);
  }

  void remove(HeldStream stream) {
    open.remove(stream);
  }

  /** Tells every subscriber to go, each with a delay of its own within the window. */
  void goAway(Duration window) {
    int all = Math.max(1, open.size());
    int index = 0;
    for (HeldStream stream : open) {
      stream.goAway(window.multipliedBy(index++).dividedBy(all));
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
