package dev.reactorhub.grpc;

import dev.reactorhub.health.Pulse;
import dev.reactorhub.hub.DeliveryFigures;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The streams that send by themselves, and the thread that looks after them. Any thread. */
final class HeldStreams implements AutoCloseable {
  private static final long TICKS_PER_HEARTBEAT = 10;
  private static final Duration TICK_MAX = Duration.ofSeconds(1);

  private final GrpcSettings settings;
  private final DeliveryFigures figures;
  private final Executor waiters;
  private final SharedResponses responses = new SharedResponses();
  private final Set<HeldStream> open = ConcurrentHashMap.newKeySet();
  private final Pulse pulse = new Pulse("grpc-heartbeat", Pulse.STUCK);
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("grpc-heartbeat").factory());

  HeldStreams(GrpcSettings settings, Executor waiters, DeliveryFigures figures) {
    this.settings = settings;
    this.figures = figures;
    this.waiters = waiters;
  }

  void start() {
    long tickNanos =
        Math.min(settings.heartbeat().toNanos() / TICKS_PER_HEARTBEAT, TICK_MAX.toNanos());
    pulse.begin();
    var _ = ticker.scheduleWithFixedDelay(this::tick, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
  }

  Pulse pulse() {
    return pulse;
  }

  private void tick() {
    pulse.beat();
    open.forEach(HeldStream::tick);
  }

  GrpcSettings settings() {
    return settings;
  }

  /** What was delivered: for the streams to write. */
  DeliveryFigures figures() {
    return figures;
  }

  /** What several streams send. */
  SharedResponses responses() {
    return responses;
  }

  /** For what has to wait for the log. */
  Executor waiters() {
    return waiters;
  }

  void add(HeldStream stream) {
    open.add(stream);
  }

  void remove(HeldStream stream) {
    open.remove(stream);
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
