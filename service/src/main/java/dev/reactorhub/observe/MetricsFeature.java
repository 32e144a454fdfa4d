package dev.reactorhub.observe;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.spi.ServerFeature;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code GET /observe/metrics}: the metrics of the hub, those in Helidon's registry, and those of
 * the JVM and its process. In the text format of Prometheus, or as OpenMetrics to whoever accepts
 * that.
 */
public final class MetricsFeature implements ServerFeature, AutoCloseable {
  private static final String PATH = "/observe/metrics";

  /** Against the conventions for names; {@link #addProcessor} says the same within them. */
  private static final Set<String> MISNAMED = Set.of("process_cpu_time_ns", "system_cpu_count");

  private static final double NANOS_PER_SECOND = 1e9;

  private final HubMetrics hub;
  private final List<CollectorRegistry> registries;
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /** Serves them, once it is among the features of the server. */
  public MetricsFeature(HubMetrics hub, io.helidon.metrics.api.MeterRegistry helidon) {
    MeterRegistry jvm = jvmRegistry();
    this.hub = hub;
    this.registries =
        Stream.of(helidon.unwrap(MeterRegistry.class), jvm)
            .flatMap(MetricsFeature::prometheus)
            .toList();
    bind(jvm);
  }

  @Override
  public String name() {
    return "reactorhub-metrics";
  }

  @Override
  public String type() {
    return name();
  }

  @Override
  public void setup(ServerFeatureContext context) {
    context.socket(WebServer.DEFAULT_SOCKET_NAME).httpRouting().get(PATH, this::send);
  }

  @Override
  public void close() {
    collections.close();
  }

  private void bind(MeterRegistry registry) {
    new JvmMemoryMetrics().bindTo(registry);
    collections.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmInfoMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /**
   * A registry that Helidon does not hear of: it locks its own around every meter that comes, while
   * it clears them at the stop, and a collection that adds a meter just then would hold one lock of
   * the two and wait for the other, as the stop does.
   */
  @SuppressWarnings("deprecation") // Written out together with Helidon's, which is of this kind.
  private static MeterRegistry jvmRegistry() {
    return new io.micrometer.prometheus.PrometheusMeterRegistry(
        io.micrometer.prometheus.PrometheusConfig.DEFAULT);
  }

  @SuppressWarnings("deprecation") // Helidon's registry is of this kind, and of no newer one.
  private static Stream<CollectorRegistry> prometheus(MeterRegistry registry) {
    return switch (registry) {
      case io.micrometer.prometheus.PrometheusMeterRegistry found ->
          Stream.of(found.getPrometheusRegistry());
      case CompositeMeterRegistry composite ->
          composite.getRegistries().stream().flatMap(MetricsFeature::prometheus);
      default -> Stream.empty();
    };
  }

  private static void addProcessor(List<MetricFamilySamples> families) {
    Families more = new Families();
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(
            taken ->
                more.counter(
                    "process_cpu_seconds",
                    "Processor time that the process took",
                    taken.toNanos() / NANOS_PER_SECOND));
    more.gauge(
        "process_processors",
        "Processors that the process may use",
        Runtime.getRuntime().availableProcessors());
    families.addAll(more.all());
  }

  private void send(ServerRequest request, ServerResponse response) {
    String accepted = request.headers().first(HeaderNames.ACCEPT).orElse("");
    String contentType = TextFormat.chooseContentType(accepted);
    response.header(HeaderNames.CONTENT_TYPE, contentType);
    response.send(text(contentType));
  }

  private String text(String contentType) {
    List<MetricFamilySamples> families = new ArrayList<>(hub.collect());
    for (CollectorRegistry registry : registries) {
      families.addAll(Collections.list(registry.metricFamilySamples()));
    }
    families.removeIf(family -> MISNAMED.contains(family.name));
    addProcessor(families);
    StringWriter text = new StringWriter();
    try {
      TextFormat.writeFormat(contentType, text, Collections.enumeration(families));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
