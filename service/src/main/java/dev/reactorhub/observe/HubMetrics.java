package dev.reactorhub.observe;

import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Sessions;
import io.helidon.metrics.api.FunctionalCounter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;
import java.util.List;
import java.util.function.Supplier;

/** Registers the hub's metrics, which read its state when scraped. Listed in docs/metrics.md. */
public final class HubMetrics {
  private static final String OPEN_SESSIONS = "reactorhub_sessions";

  private final MeterRegistry registry;

  private HubMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Registers all metrics of a hub. */
  public static void register(MeterRegistry registry, Hub hub, Sessions sessions) {
    HubMetrics metrics = new HubMetrics(registry);
    for (Sessions.Face face : Sessions.Face.values()) {
      registry.getOrCreate(
          Gauge.builder(OPEN_SESSIONS, () -> sessions.count(face))
              .description("Open sessions, by face")
              .tags(List.of(Tag.create("face", face.name().toLowerCase(java.util.Locale.ROOT))))
              .scope(Meter.Scope.APPLICATION));
    }
    metrics.gauge(
        "reactorhub_subscriptions", "Open subscriptions", () -> hub.stats().subscriptions());
    metrics.gauge(
        "reactorhub_filters",
        "Different filters among the subscriptions",
        () -> hub.stats().filters());
    metrics.gauge("reactorhub_log_head_seq", "The newest seq", () -> hub.range().head());
    metrics.gauge(
        "reactorhub_log_earliest_seq",
        "The seq before the oldest event kept",
        () -> hub.range().earliest());
    metrics.gauge("reactorhub_log_bytes", "Bytes the log takes", () -> hub.stats().logBytes());
    registry.getOrCreate(
        FunctionalCounter.builder("reactorhub_events_emitted", hub, h -> h.stats().eventsEmitted())
            .description("Events dispatched since the start")
            .scope(Meter.Scope.APPLICATION));
  }

  private void gauge(String name, String description, Supplier<? extends Number> value) {
    registry.getOrCreate(
        Gauge.builder(name, value::get).description(description).scope(Meter.Scope.APPLICATION));
  }
}
