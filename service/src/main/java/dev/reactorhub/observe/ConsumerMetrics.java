package dev.reactorhub.observe;

import dev.reactorhub.consumer.ConsumerInfo;
import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.event.ConsumerName;
import io.helidon.metrics.api.FunctionalCounter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * The metrics of durable consumers, by name: registered as one is made, removed as it is deleted,
 * read when scraped. Listed in docs/metrics.md.
 */
public final class ConsumerMetrics implements Consumers.Follower {
  private final MeterRegistry registry;
  private final Consumers consumers;
  private final Map<ConsumerName, List<Meter>> meters = new ConcurrentHashMap<>();

  private ConsumerMetrics(MeterRegistry registry, Consumers consumers) {
    this.registry = registry;
    this.consumers = consumers;
  }

  /** Registers those of all consumers, and follows which there are. Once, before they start. */
  public static void register(MeterRegistry registry, Consumers consumers) {
    consumers.follow(new ConsumerMetrics(registry, consumers));
  }

  @Override
  public void added(ConsumerName name) {
    List<Meter> made = new ArrayList<>();
    made.add(
        gauge(
            "reactorhub_consumer_lag_events",
            "Events that a durable consumer has not dealt with",
            name,
            ConsumerInfo::lag));
    made.add(
        gauge(
            "reactorhub_consumer_outstanding_events",
            "Events that its clients have",
            name,
            ConsumerInfo::outstanding));
    made.add(
        gauge(
            "reactorhub_consumer_clients",
            "Its open streams",
            name,
            info -> info.clients().size()));
    made.add(
        counter(
            "reactorhub_consumer_acknowledged_events",
            "Events that its clients acknowledged",
            name,
            info -> info.counts().acknowledged()));
    made.add(
        counter(
            "reactorhub_consumer_redelivered_events",
            "Deliveries that failed and are followed by another",
            name,
            info -> info.counts().redelivered()));
    made.add(
        counter(
            "reactorhub_consumer_parked_events",
            "Events that it has among the dead letters",
            name,
            info -> info.counts().parked()));
    meters.put(name, made);
  }

  @Override
  public void removed(ConsumerName name) {
    List<Meter> made = meters.remove(name);
    if (made != null) {
      made.forEach(registry::remove);
    }
  }

  private Meter gauge(
      String metric, String description, ConsumerName name, ToLongFunction<ConsumerInfo> value) {
    return registry.getOrCreate(
        Gauge.builder(metric, () -> read(name, value))
            .description(description)
            .tags(tags(name))
            .scope(Meter.Scope.APPLICATION));
  }

  private Meter counter(
      String metric, String description, ConsumerName name, ToLongFunction<ConsumerInfo> value) {
    return registry.getOrCreate(
        FunctionalCounter.builder(metric, consumers, _ -> read(name, value))
            .description(description)
            .tags(tags(name))
            .scope(Meter.Scope.APPLICATION));
  }

  private long read(ConsumerName name, ToLongFunction<ConsumerInfo> value) {
    return consumers.info(name).map(value::applyAsLong).orElse(0L);
  }

  private static List<Tag> tags(ConsumerName name) {
    return List.of(Tag.create("consumer", name.value()));
  }
}
