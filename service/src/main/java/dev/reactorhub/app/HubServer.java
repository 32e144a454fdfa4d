package dev.reactorhub.app;

import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.memory.MemoryEventLog;
import dev.reactorhub.log.rocks.RocksEventLog;
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
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;

/** One hub over one log with all its faces. Started by its constructor's caller, stopped once. */
public final class HubServer implements AutoCloseable {
  private final HubServerSettings settings;
  private final EventLog log;
  private final Emitter emitter;
  private final WebFace web;
  private final Hub hub;
  private final Sessions sessions;
  private volatile boolean isDraining;

  private HubServer(HubServerSettings settings) {
    InstantSource clock = Clock.systemUTC();
    this.settings = settings;
    this.log = openLog(settings, clock);
    this.hub = new Hub(log, new EventEncoding(), settings.hub());
    this.sessions = new Sessions(settings.sessionsMax(), settings.sessionsPerAddressMax());
    Publishing publishing = new Publishing(hub, settings.web().limits(), clock);
    this.emitter = new Emitter(publishing);
    this.web =
        new WebFace(
            settings.web(),
            new WebFace.Parts(hub, publishing, sessions, clock),
            List.of(observe()));
  }

  /** Opens the log and serves on both ports; closes what it opened when that fails. */
  public static HubServer start(HubServerSettings settings) {
    HubServer server = new HubServer(settings);
    try {
      server.serve();
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** The bound HTTP port. */
  public int port() {
    return web.port();
  }

  @Override
  public void close() {
    isDraining = true;
    emitter.close();
    web.goAway(settings.drainWindow());
    web.stop();
    log.close();
  }

  private void serve() {
    HubMetrics.register(Services.get(MeterRegistry.class), hub, sessions);
    web.start();
    if (!settings.hostMetricsInterval().isZero()) {
      emitter.every(
          settings.hostMetricsInterval(), HostMetricsSource.TYPE, new HostMetricsSource());
    }
    emitter.every(
        settings.heartbeatInterval(), ReactorHeartbeat.TYPE, new ReactorHeartbeat(hub, sessions));
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

  private static EventLog openLog(HubServerSettings settings, InstantSource clock) {
    return switch (settings.log().durability()) {
      case MEMORY -> MemoryEventLog.open(settings.log(), clock);
      case FSYNC, OS -> RocksEventLog.open(settings.dataDirectory(), settings.log(), clock);
    };
  }
}
