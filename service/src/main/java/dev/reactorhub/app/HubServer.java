package dev.reactorhub.app;

import dev.reactorhub.config.HubConfig;
import dev.reactorhub.config.ServerSettings;
import dev.reactorhub.config.SourceSettings;
import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.grpc.GrpcFace;
import dev.reactorhub.grpc.GrpcSettings;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings.Durability;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.log.ReadResult;
import dev.reactorhub.log.memory.MemoryEventLog;
import dev.reactorhub.log.rocks.RocksEventLog;
import dev.reactorhub.observe.ConsumerMetrics;
import dev.reactorhub.observe.Emitter;
import dev.reactorhub.observe.HostMetricsSource;
import dev.reactorhub.observe.HubHealth;
import dev.reactorhub.observe.HubMetrics;
import dev.reactorhub.observe.ReactorHeartbeat;
import dev.reactorhub.web.WebFace;
import dev.reactorhub.wire.EventEncoding;
import dev.reactorhub.wire.Publishing;
import io.helidon.health.HealthCheck;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.service.registry.Services;
import io.helidon.webserver.observe.ObserveFeature;
import io.helidon.webserver.observe.health.HealthObserver;
import io.helidon.webserver.observe.metrics.MetricsObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One hub over one log with all its faces: started by {@link #start}, stopped once. */
final class HubServer implements AutoCloseable {
  private final HubConfig config;
  private final EventLog log;
  private final Hub hub;
  private final Sessions sessions;
  private final Consumers consumers;
  private final Emitter emitter;
  private final WebFace web;
  private final GrpcFace grpc;
  private volatile boolean isDraining;

  private HubServer(
      HubConfig config, EventLog log, InstantSource clock, ConnectionBudget connections) {
    this.config = config;
    this.log = log;
    this.hub = new Hub(log, new EventEncoding(), config.hub());
    this.sessions =
        new Sessions(config.sessions().sessionsMax(), config.sessions().sessionsPerAddressMax());
    this.consumers =
        new Consumers(Consumers.Parts.of(hub, log.cursors(), clock), config.consumers());
    Publishing publishing = new Publishing(hub, config.web().limits(), clock);
    this.emitter = new Emitter(publishing);
    this.web =
        new WebFace(
            config.web().withConnectionsMax(connections.web()),
            new WebFace.Parts(hub, publishing, sessions, clock),
            List.of(observe()));
    this.grpc =
        new GrpcFace(
            new GrpcSettings(
                config.server().host(),
                config.server().grpcPort(),
                connections.grpc(),
                config.web().heartbeat(),
                config.web().ws().noProgressMax(),
                config.web().limits()),
            new GrpcFace.Parts(hub, publishing, sessions, consumers, version()));
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
      server.close();
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
            : config.server().dataDirectory().toAbsolutePath().normalize().toString();
    return String.format(
        Locale.ROOT,
        "%s, %s, events kept: %d, position %s",
        where,
        durability.name().toLowerCase(Locale.ROOT),
        range.head() - range.earliest(),
        range.headPosition());
  }

  /** Says goodbye to every client, finishes what was taken, and closes the log. */
  @Override
  public void close() {
    isDraining = true;
    emitter.close();
    ServerSettings server = config.server();
    web.goAway(server.drainWindow());
    consumers.drain();
    grpc.goAway(server.drainWindow());
    web.stop();
    grpc.stop();
    consumers.close();
    log.close();
  }

  private void serve() {
    HubMetrics.register(Services.get(MeterRegistry.class), hub, sessions);
    ConsumerMetrics.register(Services.get(MeterRegistry.class), consumers);
    web.start();
    consumers.start();
    grpc.start();
    SourceSettings sources = config.sources();
    if (sources.hostMetricsInterval().isPositive()) {
      emitter.every(sources.hostMetricsInterval(), HostMetricsSource.TYPE, new HostMetricsSource());
    }
    emitter.every(
        sources.heartbeatInterval(), ReactorHeartbeat.TYPE, new ReactorHeartbeat(hub, sessions));
  }

  private ObserveFeature observe() {
    return ObserveFeature.builder()
        .addObserver(
            HealthObserver.builder()
                .details(true)
                .useSystemServices(false)
                .addChecks(HubHealth.checks(hub, () -> isDraining).toArray(HealthCheck[]::new))
                .build())
        .addObserver(MetricsObserver.create())
        .build();
  }

  private static EventLog openLog(HubConfig config, InstantSource clock) {
    return switch (config.log().durability()) {
      case MEMORY -> MemoryEventLog.open(config.log(), clock);
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
