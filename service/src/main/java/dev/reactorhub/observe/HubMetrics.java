package dev.reactorhub.observe;

import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.hub.DeliveryFigures;
import dev.reactorhub.hub.GapReason;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.HubFigures;
import dev.reactorhub.hub.HubStats;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.LogFigures;
import dev.reactorhub.log.LogHealth;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.tally.Histogram;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.PublishFigures;
import dev.reactorhub.wire.Publishing;
import io.prometheus.client.Collector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The hub's metrics, read from its parts when asked for. Listed in docs/metrics.md, compared with a
 * scrape by a test. Any thread.
 */
public final class HubMetrics extends Collector {
  private static final String FACE = "face";
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;

  private final Parts parts;
  private final ConsumerMetrics consumers;

  /** Reads these parts. */
  public HubMetrics(Parts parts) {
    this.parts = parts;
    this.consumers = new ConsumerMetrics(parts.consumers());
  }

  /**
   * What is asked.
   *
   * @param dataDirectory whose disk is looked at; empty: the log is in memory
   * @param version of the hub
   */
  public record Parts(
      Hub hub,
      Publishing publishing,
      Sessions sessions,
      Consumers consumers,
      Emitter emitter,
      BooleanSupplier isDraining,
      Optional<Path> dataDirectory,
      String version) {}

  @Override
  public List<MetricFamilySamples> collect() {
    Families families = new Families();
    addHub(families);
    addSessions(families);
    addPublishing(families);
    addDelivery(families);
    addLog(families);
    consumers.add(families);
    return families.all();
  }

  private void addHub(Families families) {
    families.info(
        "reactorhub_build", "The version of the hub, always 1", "version", parts.version());
    boolean isDraining = parts.isDraining().getAsBoolean();
    families.gauge("reactorhub_draining", "1 while the hub is shutting down", isDraining ? 1 : 0);
    families.gauge(
        "reactorhub_drain_sessions_left",
        "Open sessions while the hub is shutting down, else 0",
        isDraining ? parts.sessions().count() : 0);
    families.gauge(
        "reactorhub_heartbeat_timestamp_seconds",
        "When the hub's own heartbeat was last stored, 0 before the first",
        seconds(parts.emitter().storedAt(ReactorHeartbeat.TYPE)));
  }

  private void addSessions(Families families) {
    Sessions sessions = parts.sessions();
    HubStats stats = parts.hub().stats();
    families
        .gauges("reactorhub_sessions", "Open sessions, by face", FACE)
        .each(Sessions.Face.class, sessions::count);
    families.gauge(
        "reactorhub_sessions_limit", "Sessions that may be open", sessions.sessionsMax());
    families
        .counters("reactorhub_sessions_opened", "Sessions opened since the start, by face", FACE)
        .each(Sessions.Face.class, sessions::opened);
    families
        .counters("reactorhub_sessions_refused", "Sessions refused, by the limit reached", "limit")
        .each(Sessions.Limit.class, sessions::refused);
    families.gauge("reactorhub_subscriptions", "Open subscriptions", stats.subscriptions());
    families.gauge(
        "reactorhub_filters", "Different filters among the subscriptions", stats.filters());
  }

  private void addPublishing(Families families) {
    PublishFigures figures = parts.publishing().figures();
    families
        .counters("reactorhub_events_published", "Events stored, by the face they came by", FACE)
        .each(PublishFigures.Face.class, figures::stored);
    families
        .histograms(
            "reactorhub_publish_duration_seconds",
            "From a request to publish to its acknowledgement, by face",
            FACE)
        .each(PublishFigures.Face.class, figures::nanos, NANOS_PER_SECOND);
    families
        .counters("reactorhub_publish_refusals", "Requests to publish refused, by code", "code")
        .each(ErrorCode.class, figures::refused);
    families.counter(
        "reactorhub_publish_duplicates",
        "Events not stored because their id was known",
        parts.hub().logFigures().duplicates());
  }

  private void addDelivery(Families families) {
    HubFigures figures = parts.hub().figures();
    families.counter(
        "reactorhub_events_emitted",
        "Events dispatched since the start",
        parts.hub().stats().eventsEmitted());
    families
        .counters("reactorhub_events_delivered", "Events sent, once for each client", FACE)
        .each(Sessions.Face.class, face -> figures.deliveries(face).events());
    families
        .counters("reactorhub_delivered_bytes", "Bytes of the events sent, by face", FACE)
        .each(Sessions.Face.class, face -> figures.deliveries(face).bytes());
    families
        .histograms(
            "reactorhub_delivery_lag_seconds",
            "From the commit of live events to the end of their writes, sampled",
            FACE)
        .each(Sessions.Face.class, face -> lag(figures.deliveries(face)), NANOS_PER_SECOND);
    families.gauge(
        "reactorhub_slow_sessions",
        "Sessions that fell behind the live events and have not caught up",
        figures.slow());
    families.counter("reactorhub_lagging", "Times that a session fell behind", figures.lagging());
    families.gauge(
        "reactorhub_replays_active", "Subscriptions that are catching up", figures.behind());
    families.gauge(
        "reactorhub_replay_turns_waiting",
        "Those of them that wait for their turn to read the log",
        parts.hub().replays().waitingForTurn());
    families.counter(
        "reactorhub_replayed_events", "Events read from the log to catch up", figures.replayed());
    families
        .counters("reactorhub_gaps", "Gaps told to subscribers, by reason", "reason")
        .each(GapReason.class, figures::gaps);
  }

  private static Histogram lag(DeliveryFigures figures) {
    return figures.lagNanos();
  }

  private void addLog(Families families) {
    LogRange range = parts.hub().range();
    LogFigures figures = parts.hub().logFigures();
    families.gauge("reactorhub_log_head_seq", "The newest seq", range.head());
    families.gauge(
        "reactorhub_log_earliest_seq", "The seq before the oldest event kept", range.earliest());
    families.gauge("reactorhub_log_bytes", "Bytes the log takes", parts.hub().stats().logBytes());
    LogHealth health = parts.hub().logHealth();
    families
        .gauges("reactorhub_log_unhealthy", "1 while the log takes no events, by reason", "reason")
        .each(
            AppendResult.Reason.class,
            reason ->
                health instanceof LogHealth.Unhealthy now && now.reason() == reason ? 1L : 0L);
    families
        .histograms("reactorhub_commit_events", "Events stored with one commit")
        .add(figures.commitEvents(), 1);
    families
        .histograms("reactorhub_commit_duration_seconds", "What a commit took, its sync included")
        .add(figures.commitNanos(), NANOS_PER_SECOND);
    families.counter(
        "reactorhub_retention_removed_events", "Events removed by retention", figures.removed());
    families.gauge(
        "reactorhub_retention_last_run_timestamp_seconds",
        "When retention last came to its end, 0 before the first time",
        seconds(figures.retentionRanAt()));
    parts.dataDirectory().ifPresent(directory -> addDisk(families, directory));
  }

  private static void addDisk(Families families, Path directory) {
    try {
      FileStore disk = Files.getFileStore(directory);
      families.gauge(
          "reactorhub_disk_free_bytes", "Bytes free on the disk of the log", disk.getUsableSpace());
      families.gauge(
          "reactorhub_disk_size_bytes", "Bytes of the disk of the log", disk.getTotalSpace());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double seconds(Optional<Instant> time) {
    return time.map(at -> at.toEpochMilli() / MILLIS_PER_SECOND).orElse(0.0);
  }
}
