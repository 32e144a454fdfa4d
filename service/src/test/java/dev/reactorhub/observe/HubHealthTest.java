package dev.reactorhub.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.health.Check;
import dev.reactorhub.health.Pulse;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.HubSettings;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.memory.MemoryEventLog;
import dev.reactorhub.wire.EventEncoding;
import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HubHealthTest {
  private final MemoryEventLog log =
      MemoryEventLog.open(LogSettings.DEFAULTS, InstantSource.fixed(Instant.EPOCH));
  private final Hub hub = new Hub(log, new EventEncoding(), HubSettings.DEFAULTS);
  private final AtomicLong nanos = new AtomicLong();
  private final Pulse appender = new Pulse("log-appender", Pulse.STUCK_AT_THE_DISK, nanos::get);
  private final AtomicBoolean isStarted = new AtomicBoolean(true);
  private final AtomicBoolean isDraining = new AtomicBoolean();
  private final HubHealth health =
      new HubHealth(
          new HubHealth.Parts(hub, () -> List.of(appender), isStarted::get, isDraining::get));

  @AfterEach
  void closeTheLog() {
    log.close();
  }

  @Test
  void aHubThatWorksIsStartedLiveAndReady() {
    assertThat(health.started()).allMatch(Check::isUp);
    assertThat(health.live()).allMatch(Check::isUp);
    assertThat(health.isReady()).isTrue();
  }

  @Test
  void beforeThePortsAreServedItIsNeitherStartedNorReady() {
    isStarted.set(false);

    assertThat(health.started().getLast())
        .isEqualTo(new Check("ports", false, "the ports are being opened"));
    assertThat(health.isReady()).isFalse();
    assertThat(health.live()).allMatch(Check::isUp);
  }

  @Test
  void aHubThatWasAskedToStopIsLiveAndNotReady() {
    isDraining.set(true);

    assertThat(health.ready()).contains(new Check("accepting", false, "the hub is shutting down"));
    assertThat(health.live()).allMatch(Check::isUp);
  }

  @Test
  void aLogThatTakesNothingTurnsReadinessOffAndNotLiveness() {
    log.close();

    assertThat(health.ready()).contains(new Check("log", false, "the log is closed"));
    assertThat(observed("log").status()).isEqualTo(HealthCheckResponse.Status.DOWN);
    assertThat(observed("log").details()).containsEntry("reason", "the log is closed");
  }

  @Test
  void anAppenderAtASlowDiskIsLiveAndAStuckOneIsNot() {
    appender.begin();
    nanos.addAndGet(Duration.ofSeconds(110).toNanos());
    assertThat(observed("threads").status()).isEqualTo(HealthCheckResponse.Status.UP);

    nanos.addAndGet(Duration.ofSeconds(11).toNanos());

    assertThat(observed("threads").status()).isEqualTo(HealthCheckResponse.Status.DOWN);
    assertThat(observed("threads").details())
        .containsEntry("reason", "log-appender: stuck for 121 s")
        .containsEntry("log-appender", "stuck for 121 s");
    assertThat(health.isReady()).isFalse();
  }

  @Test
  void aDeadAppenderTurnsLivenessOff() throws InterruptedException {
    Thread dead = Thread.ofPlatform().start(() -> {});
    dead.join();
    appender.follow(dead);

    assertThat(health.live())
        .containsExactly(new Check("log-appender", false, "the thread has ended"));
    assertThat(health.isReady()).isFalse();
  }

  @Test
  void aChangeOfReadinessIsToldOnce() {
    List<Boolean> told = new ArrayList<>();
    try (ReadinessWatch watch = new ReadinessWatch(health::ready, told::add)) {
      watch.look();
      watch.look();
      isDraining.set(true);
      watch.look();
      watch.look();
      isDraining.set(false);
      watch.look();
    }

    assertThat(told).containsExactly(true, false, true);
  }

  private HealthCheckResponse observed(String name) {
    return health.observed().stream()
        .filter(check -> check.name().equals(name))
        .map(HealthCheck::call)
        .findFirst()
        .orElseThrow();
  }
}
