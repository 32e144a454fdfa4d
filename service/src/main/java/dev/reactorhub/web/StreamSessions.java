package dev.reactorhub.web;

import dev.reactorhub.health.Pulse;
import dev.reactorhub.hub.DeliveryFigures;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.wire.PublishFigures;
import dev.reactorhub.wire.Publishing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The open WebSocket and SSE sessions, what they share, and the one thread that looks after their
 * heartbeats. Any thread.
 */
final class StreamSessions implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Hub hub;
  private final Publishing publishing;
  private final WebSettings settings;
  private final InstantSource clock;
  private final ClientEvents clientEvents;
  private final Set<StreamSession> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong clientIds = new AtomicLong();

  /** Set once the hub goes away. */
  private volatile @Nullable ReturnTimes returnTimes;

  private final List<Sweeper> sweepers;
  private final AtomicInteger sweeperTurns = new AtomicInteger();
  private final Executor senders =
      command -> Thread.ofVirtual().name("session-sender").start(command);
  private final Pulse pulse = new Pulse("session-heartbeat", Pulse.STUCK);
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("session-heartbeat").factory());

  StreamSessions(Hub hub, Publishing publishing, WebSettings settings, InstantSource clock) {
    this.hub = hub;
    this.publishing = publishing.by(PublishFigures.Face.WEBSOCKET);
    this.settings = settings;
    this.clock = clock;
    this.clientEvents = new ClientEvents(publishing);
    // One for two cores: the others read, encode and store.
    int sweeperCount = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    this.sweepers =
        IntStream.range(0, sweeperCount)
            .mapToObj(i -> new Sweeper("session-sweeper-" + i, hub))
            .toList();
  }

  void start() {
    pulse.begin();
    var _ =
        ticker.scheduleWithFixedDelay(
            this::tick, TICK.toNanos(), TICK.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The state of the threads that serve the sessions. */
  Stream<Pulse> pulses() {
    return Stream.concat(sweepers.stream().map(Sweeper::pulse), Stream.of(pulse));
  }

  private void tick() {
    pulse.beat();
    open.forEach(session -> session.tick(System.nanoTime()));
  }

  Hub hub() {
    return hub;
  }

  Publishing publishing() {
    return publishing;
  }

  WebSettings settings() {
    return settings;
  }

  InstantSource clock() {
    return clock;
  }

  ClientEvents clientEvents() {
    return clientEvents;
  }

  /** The sweeper of a new session: each has about as many. */
  Sweeper nextSweeper() {
    return sweepers.get(Math.floorMod(sweeperTurns.getAndIncrement(), sweepers.size()));
  }

  /** What this face delivered: for the sessions to write. */
  DeliveryFigures figures(Sessions.Face face) {
    return hub.figures().deliveries(face);
  }

  /** Runs the sending of sessions that may have to wait, each on a virtual thread. */
  Executor senders() {
    return senders;
  }

  long nextClientId() {
    return clientIds.incrementAndGet();
  }

  /** Adds a session; one that comes while the hub goes away is told so at once. */
  void add(StreamSession session) {
    open.add(session);
    ReturnTimes times = returnTimes;
    if (times != null) {
      session.goAway(times.any());
    }
  }

  void remove(StreamSession session) {
    open.remove(session);
  }

  /** Tells every session to go, each with a delay of its own. */
  void goAway(ReturnTimes times) {
    returnTimes = times;
    List<StreamSession> all = List.copyOf(open);
    int index = 0;
    for (StreamSession session : all) {
      session.goAway(times.of(index++, all.size()));
    }
  }

  /** How many are open. */
  int size() {
    return open.size();
  }

  /** Drops those that are still there. */
  void cutAll() {
    open.forEach(StreamSession::cut);
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    sweepers.forEach(Sweeper::close);
  }
}
