package dev.reactorhub.app;

import dev.reactorhub.config.HubConfig;
import dev.reactorhub.config.SourceSettings;
import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.grpc.GrpcFace;
import dev.reactorhub.grpc.GrpcSettings;
import dev.reactorhub.health.Pulse;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings.Durability;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.log.ReadResult;
import dev.reactorhub.log.memory.MemoryEventLog;
import dev.reactorhub.log.rocks.RocksEventLog;
import dev.reactorhub.observe.Emitter;
import dev.reactorhub.observe.HostMetricsSource;
import dev.reactorhub.observe.HubHealth;
import dev.reactorhub.observe.HubMetrics;
import dev.reactorhub.observe.MetricsFeature;
import dev.reactorhub.observe.ReactorHeartbeat;
import dev.reactorhub.observe.ReadinessWatch;
import dev.reactorhub.web.WebFace;
import dev.reactorhub.wire.EventEncoding;
import dev.reactorhub.wire.Publishing;
import io.helidon.health.HealthCheck;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.service.registry.Services;
import io.helidon.webserver.observe.ObserveFeature;
import io.helidon.webserver.observe.health.HealthObserver;
import io.helidon.webserver.observe.metrics.MetricsObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One hub over one log with all its faces: started by {@link #start}, stopped once. */
final class HubServer implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(HubServer.class.getName());

  private final HubConfig config;
  private final EventLog log;
  private final Hub hub;
  private final Sessions sessions;
  private final Consumers consumers;
  private final Emitter emitter;
  private final MetricsFeature metrics;
  private final WebFace web;
  private final GrpcFace grpc;
  private final Publishing publishing;
  private final Drain drain;
  private final HubHealth health;
  private final ReadinessWatch readiness;
  private volatile boolean isStarted;

  private HubServer(
      HubConfig config, EventLog log, InstantSource clock, ConnectionBudget connections) {
    this.config = config;
    this.log = log;
    this.hub = new Hub(log, new EventEncoding(), config.hub());
    this.sessions =
        new Sessions(config.sessions().sessionsMax(), config.sessions().sessionsPerAddressMax());
    this.consumers =
        new Consumers(Consumers.Parts.of(hub, log.cursors(), clock), config.consumers());
    this.publishing = new Publishing(hub, config.web().limits(), clock);
    this.drain = new Drain(config.drain(), HubServer::haltAfter);
    this.emitter = new Emitter(publishing, clock);
    this.metrics = new MetricsFeature(hubMetrics(), Services.get(MeterRegistry.class));
    this.health =
        new HubHealth(new HubHealth.Parts(hub, this::pulses, () -> isStarted, drain::isBegun));
    this.web =
        new WebFace(
            config.web().withConnectionsMax(connections.web()),
            new WebFace.Parts(hub, publishing, sessions, clock, health::ready),
            List.of(metrics, observe()));
    this.grpc =
        new GrpcFace(
            new GrpcSettings(
                config.server().host(),
                config.server().grpcPort(),
                connections.grpc(),
                config.web().heartbeat(),
                config.web().ws().noProgressMax(),
                config.web().limits(),
                config.grpc()),
            new GrpcFace.Parts(hub, publishing, sessions, consumers, version()));
    this.readiness = new ReadinessWatch(health::ready, grpc::setServing);
  }

  /** Opens the log and serves on both ports; closes what it opened when that fails. */
  static HubServer start(HubConfig config) {
    ConnectionBudget connections =
        ConnectionBudget.of(
            ConnectionBudget.Descriptors.ofProcess(),
            config.web().connectionsMax(),
            config.sessions().sessionsMax());
    SteadyClock clock = SteadyClock.system();
    EventLog log = openLog(config, clock);
    newestStoredAt(log).ifPresent(clock::startNoEarlierThan);
    HubServer server = new HubServer(config, log, clock, connections);
    try {
      server.serve();
    } catch (RuntimeException e) {
      server.abandon();
      throw e;
    }
    return server;
  }

  /** The version of the hub, as its build says. */
  static String version() {
    String version = HubServer.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** The bound HTTP port. */
  int port() {
    return web.port();
  }

  /** The bound gRPC port. */
  int grpcPort() {
    return grpc.port();
  }

  /** One line on the log for the operator. */
  String logDescription() {
    LogRange range = log.range();
    Durability durability = config.log().durability();
    String where =
        durability == Durability.MEMORY
            ? "in memory"
            : config.server().dataDirectory().toAbsolutePath().normalize()
                + ", "
                + durability.name().toLowerCase(Locale.ROOT);
    return String.format(
        Locale.ROOT,
        "%s, events kept: %d, position %s",
        where,
        range.head() - range.earliest(),
        range.headPosition());
  }

  /** Says goodbye to every client, finishes what was taken, and closes the log. */
  @Override
  public void close() {
    drain.run(new Stop());
  }

  /** Makes a {@link #close} under way wait for nobody any more. Any thread; returns at once. */
  void hasten() {
    drain.hasten();
  }

  /** How this hub stops. The drain's thread. */
  private final class Stop implements Drain.Steps {
    @Override
    public void turnUnready() {
      readiness.close();
      grpc.setServing(false);
    }

    @Override
    public CompletableFuture<?> sendAway(ReturnTimes times) {
      emitter.close();
      CompletableFuture<Void> decided = publishing.stopTaking();
      web.goAway(times);
      consumers.drain();
      grpc.goAway(times);
      return decided;
    }

    @Override
    public CompletableFuture<?> farewells(Duration quietMax) {
      return CompletableFuture.allOf(
          onThreadOfItsOwn(() -> grpc.stop(quietMax)), onThreadOfItsOwn(() -> awaitGone(quietMax)));
    }

    @Override
    public void end() {
      web.stop();
      metrics.close();
      consumers.close();
      log.close();
    }

    private void awaitGone(Duration quietMax) {
      try {
        if (!web.awaitGone(quietMax)) {
          LOGGER.log(
              Level.INFO, "drain_cuts_clients sessions=" + sessions.count() + " quiet=" + quietMax);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static CompletableFuture<Void> onThreadOfItsOwn(Runnable step) {
      return CompletableFuture.runAsync(step, task -> Thread.ofPlatform().daemon().start(task));
    }
  }

  /** The end of the grace, whatever is stuck; nothing acknowledged depends on an orderly end. */
  private static void haltAfter(Duration grace) {
    CompletableFuture.delayedExecutor(grace.toNanos(), TimeUnit.NANOSECONDS)
        .execute(
            () -> {
              LOGGER.log(Level.ERROR, "drain_overdue: the hub did not stop within " + grace);
              Runtime.getRuntime().halt(1);
            });
  }

  private void abandon() {
    readiness.close();
    emitter.close();
    web.stop();
    grpc.stop(Duration.ZERO);
    metrics.close();
    consumers.close();
    log.close();
  }

  private void serve() {
    web.start();
    consumers.start();
    grpc.start();
    SourceSettings sources = config.sources();
    if (sources.hostMetricsInterval().isPositive()) {
      emitter.every(sources.hostMetricsInterval(), HostMetricsSource.TYPE, new HostMetricsSource());
    }
    emitter.every(
        sources.heartbeatInterval(), ReactorHeartbeat.TYPE, new ReactorHeartbeat(hub, sessions));
    isStarted = true;
    readiness.start();
  }

  private List<Pulse> pulses() {
    return Stream.of(hub.pulses(), web.pulses(), grpc.pulses(), List.of(emitter.pulse()))
        .flatMap(List::stream)
        .toList();
  }

  private HubMetrics hubMetrics() {
    Path directory = config.server().dataDirectory();
    return new HubMetrics(
        new HubMetrics.Parts(
            hub,
            publishing,
            sessions,
            consumers,
            emitter,
            drain::isBegun,
            config.log().durability() == Durability.MEMORY
                ? Optional.empty()
                : Optional.of(directory),
            version()));
  }

  private ObserveFeature observe() {
    return ObserveFeature.builder()
        .addObserver(
            HealthObserver.builder()
                .details(true)
                .useSystemServices(false)
                .addChecks(health.observed().toArray(HealthCheck[]::new))
                .build())
        .addObserver(MetricsObserver.create())
        .build();
  }

  private static EventLog openLog(HubConfig config, InstantSource clock) {
    return switch (config.log().durability()) {
      case MEMORY -> {
        MemoryBudget.warning(config.log().retentionBytes(), Runtime.getRuntime().maxMemory())
            .ifPresent(told -> LOGGER.log(Level.WARNING, told));
        yield MemoryEventLog.open(config.log(), clock);
      }
      case FSYNC, OS -> RocksEventLog.open(config.server().dataDirectory(), config.log(), clock);
    };
  }

  private static Optional<Instant> newestStoredAt(EventLog log) {
    LogRange range = log.range();
    if (range.head() == range.earliest()) {
      return Optional.empty();
    }
    return switch (log.read(range.head() - 1, EventFilter.ALL, new ReadLimit(1, 1))) {
      case ReadResult.Batch read -> read.records().stream().map(LogRecord::storedAt).findFirst();
      case ReadResult.Trimmed(long earliest) -> Optional.empty();
    };
  }
}
