package dev.reactorhub.observe;

import dev.reactorhub.hub.Hub;
import dev.reactorhub.log.LogHealth;
import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The hub's health checks: started, live, ready. */
public final class HubHealth {
  private HubHealth() {}

  /**
   * The checks for Helidon's health observer.
   *
   * @param isDraining turns readiness off
   */
  public static List<HealthCheck> checks(Hub hub, BooleanSupplier isDraining) {
    return List.of(
        new Check("process", HealthCheckType.LIVENESS, () -> answer(true, "running")),
        new Check("log-opened", HealthCheckType.STARTUP, () -> answer(true, "log opened")),
        new Check("log", HealthCheckType.READINESS, () -> log(hub.logHealth())),
        new Check(
            "accepting",
            HealthCheckType.READINESS,
            () ->
                isDraining.getAsBoolean()
                    ? answer(false, "the hub is shutting down")
                    : answer(true, "accepting sessions")));
  }

  private static HealthCheckResponse log(LogHealth health) {
    return switch (health) {
      case LogHealth.Healthy healthy -> answer(true, "the log takes events");
      case LogHealth.Unhealthy unhealthy -> answer(false, unhealthy.detail());
    };
  }

  private static HealthCheckResponse answer(boolean isUp, String reason) {
    return HealthCheckResponse.builder().status(isUp).detail("reason", reason).build();
  }

  /** Something that can be asked for its state. */
  @FunctionalInterface
  private interface Probe {
    HealthCheckResponse probe();
  }

  private record Check(String name, HealthCheckType type, Probe probe) implements HealthCheck {
    @Override
    public String path() {
      return name;
    }

    @Override
    public HealthCheckResponse call() {
      return probe.probe();
    }
  }
}
