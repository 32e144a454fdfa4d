package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.history.Outcome;
import dev.reactorhub.workload.RestartWorkload;
import dev.reactorhub.workload.Returns;
import dev.reactorhub.workload.Workload;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real process, stopped and started again and again on the same data, under clients on every
 * face and a steady stream of events. {@code HUB_TEST_ROUNDS} restarts, {@code HUB_TEST_CLIENTS} on
 * WebSocket, SSE and gRPC: 10 and {@code 5000/200/100} are the full size.
 */
@Tag("drain")
final class DrainLoadTest {
  private static final System.Logger LOGGER = System.getLogger(DrainLoadTest.class.getName());
  private static final int RESTARTS = 2;
  private static final String CLIENTS = "1000/100/50";
  private static final int EVENTS_PER_SECOND = 100;

  /** Of the steady stream, between two restarts. */
  private static final int EVENTS_BETWEEN = 2 * EVENTS_PER_SECOND;

  /** As many as a machine with two cores greets, with a hub just started and the clients on it. */
  private static final int RETURNS_PER_SECOND = 250;

  private static final Duration GRACE = Duration.ofSeconds(25);
  private static final Duration LATE_MAX = Duration.ofSeconds(2);

  @Test
  void everyClientIsToldReturnsInItsTimeAndMissesNothing(@TempDir Path data) throws Exception {
    RestartWorkload.Clients clients =
        RestartWorkload.Clients.parse(
            Optional.ofNullable(System.getenv("HUB_TEST_CLIENTS")).orElse(CLIENTS));
    int restarts = Seeds.rounds(RESTARTS);
    String[] options = options(clients.all());
    HubProcess hub = HubProcess.start(HubLaunch.PLAIN, data, options);
    try (RestartWorkload workload =
        new RestartWorkload(hub.endpoint(), clients, EVENTS_PER_SECOND)) {
      workload.awaitConnected();
      for (int restart = 1; restart <= restarts; restart++) {
        workload.awaitAcknowledged(EVENTS_BETWEEN);
        long startNanos = System.nanoTime();
        assertThat(hub.stopped(GRACE)).isZero();
        long stoppedNanos = System.nanoTime();
        List<String> printed = hub.printed();
        hub = HubProcess.start(HubLaunch.PLAIN, data, options);
        workload.moveTo(hub.endpoint());
        long readyNanos = System.nanoTime();
        workload.awaitConnected();
        LOGGER.log(
            Level.INFO,
            "restart={0} stop_ms={1} start_ms={2} {3}",
            restart,
            TimeUnit.NANOSECONDS.toMillis(stoppedNanos - startNanos),
            TimeUnit.NANOSECONDS.toMillis(readyNanos - stoppedNanos),
            summary(workload.returns().all(), clients.all())
                + printed.stream().filter(line -> line.contains(" drain_")).toList());
      }
      Returns returns = workload.returns();
      int untold = returns.unannounced();
      Workload.Result result = workload.finish();
      LOGGER.log(
          Level.INFO,
          "clients={0} restarts={1} told={2} untold={3} refused={4} unanswered={5} {6}",
          clients,
          restarts,
          Integer.toString(returns.told()),
          untold,
          Long.toString(workload.outcomes(Outcome.Refused.class::isInstance)),
          Long.toString(workload.outcomes(Outcome.Unknown.class::isInstance)),
          result.summary());
      assertThat(result.violations()).isEmpty();
      assertThat(result.gaps()).isZero();
      assertThat(result.lost()).isZero();
      assertThat(untold).isZero();
      assertThat(returns.told()).isEqualTo(restarts * clients.all());
      assertThat(returns.all())
          .hasSize(restarts * clients.all())
          .allMatch(each -> !each.late().isNegative())
          .allMatch(each -> each.late().compareTo(LATE_MAX) <= 0);
    } finally {
      hub.close();
    }
  }

  /** Clients stay away for as long as a restart takes on a machine that others use as well. */
  private static String[] options(int clients) {
    return new String[] {
      "--set", "drain.away=9s",
      "--set", "drain.window=" + Math.ceilDiv(clients, RETURNS_PER_SECOND) + "s",
      "--set", "drain.grace=" + GRACE.toSeconds() + "s",
      "--set", "web.heartbeat=2s",
      "--set", "sources.host-metrics.interval=0",
      "--set", "sources.heartbeat.interval=0"
    };
  }

  /** Of the newest so many. */
  private static String summary(List<Returns.Return> all, int newest) {
    List<Returns.Return> returns = all.subList(all.size() - newest, all.size());
    List<Duration> late =
        returns.stream().map(Returns.Return::late).sorted(Comparator.naturalOrder()).toList();
    return "advice_max_ms="
        + returns.stream().mapToLong(each -> each.advice().toMillis()).max().orElseThrow()
        + " late_p50_ms="
        + late.get(late.size() / 2).toMillis()
        + " late_p99_ms="
        + late.get(late.size() * 99 / 100).toMillis()
        + " late_max_ms="
        + late.getLast().toMillis()
        + " not_let_in_at_once="
        + returns.stream().filter(each -> each.attempts() > 1).count();
  }
}
