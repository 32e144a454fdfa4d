package dev.reactorhub.observe;

import dev.reactorhub.consumer.ConsumerInfo;
import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.observe.Families.Family;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The metrics of durable consumers, by name, read when scraped. Listed in docs/metrics.md. */
final class ConsumerMetrics {
  private static final String CONSUMER = "consumer";

  private final Consumers consumers;

  ConsumerMetrics(Consumers consumers) {
    this.consumers = consumers;
  }

  void add(Families families) {
    List<ConsumerInfo> all = consumers.list(Optional.empty(), Integer.MAX_VALUE);
    if (all.isEmpty()) {
      return;
    }
    add(
        families.gauges(
            "reactorhub_consumer_lag_events",
            "Events that a durable consumer has not dealt with",
            CONSUMER),
        all,
        ConsumerInfo::lag);
    add(
        families.gauges(
            "reactorhub_consumer_outstanding_events", "Events that its clients have", CONSUMER),
        all,
        ConsumerInfo::outstanding);
    add(
        families.gauges("reactorhub_consumer_clients", "Its open streams", CONSUMER),
        all,
        info -> info.clients().size());
    add(
        families.counters(
            "reactorhub_consumer_acknowledged_events",
            "Events that its clients acknowledged",
            CONSUMER),
        all,
        info -> info.counts().acknowledged());
    add(
        families.counters(
            "reactorhub_consumer_redelivered_events",
            "Deliveries that failed and are followed by another",
            CONSUMER),
        all,
        info -> info.counts().redelivered());
    add(
        families.counters(
            "reactorhub_consumer_parked_events",
            "Events that it has among the dead letters",
            CONSUMER),
        all,
        info -> info.counts().parked());
  }

  private static void add(
      Family family, List<ConsumerInfo> consumers, ToLongFunction<ConsumerInfo> value) {
    consumers.forEach(info -> family.add(info.name().value(), value.applyAsLong(info)));
  }
}
