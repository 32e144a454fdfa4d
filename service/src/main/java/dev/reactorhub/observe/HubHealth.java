package dev.reactorhub.observe;

import dev.reactorhub.health.Check;
import dev.reactorhub.health.Pulse;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.log.LogHealth;
import io.helidon.health.HealthCheck;
import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the hub says of its own state (docs/health.md): started, live, ready. It asks the log, of
 * whichever engine, and the threads that must run. Any thread; nothing blocks.
 */
public final class HubHealth {
  private final Parts parts;

  /**
   * What is asked.
   *
   * @param pulses of every thread that must run
   * @param isStarted whether both ports are served
   * @param isDraining whether the hub was asked to stop
   */
  public record Parts(
      Hub hub,
      Supplier<List<Pulse>> pulses,
      BooleanSupplier isStarted,
      BooleanSupplier isDraining) {}

  /** Of this hub. */
  public HubHealth(Parts parts) {
    this.parts = parts;
  }

  /** Whether the hub has come up: the log was opened and recovered, the ports are served. */
  public List<Check> started() {
    return List.of(
        new Check("log-opened", true, "opened and recovered, up to " + head()),
        parts.isStarted().getAsBoolean()
            ? new Check("ports", true, "HTTP and gRPC are served")
            : new Check("ports", false, "the ports are being opened"));
  }

  /** Whether the threads that must run do run: a check for each. */
  public List<Check> live() {
    return parts.pulses().get().stream().map(Pulse::check).toList();
  }

  /** Whether sessions and events are taken and can be committed. */
  public List<Check> ready() {
    return List.of(log(), running(), accepting());
  }

  /** Whether all of {@link #ready} are up. */
  public boolean isReady() {
    return ready().stream().allMatch(Check::isUp);
  }

  /** The checks for Helidon's health observer. */
  public List<HealthCheck> observed() {
    return List.of(
        new Observed("log-opened", HealthCheckType.STARTUP, () -> answer(started().getFirst())),
        new Observed("ports", HealthCheckType.STARTUP, () -> answer(started().getLast())),
        new Observed("threads", HealthCheckType.LIVENESS, this::answerThreads),
        new Observed("log", HealthCheckType.READINESS, () -> answer(log())),
        new Observed("running", HealthCheckType.READINESS, () -> answer(running())),
        new Observed("accepting", HealthCheckType.READINESS, () -> answer(accepting())));
  }

  private Check log() {
    return switch (parts.hub().logHealth()) {
      case LogHealth.Healthy _ -> new Check("log", true, "the log takes events");
      case LogHealth.Unhealthy unhealthy -> new Check("log", false, unhealthy.detail());
    };
  }

  private Check running() {
    return live().stream()
        .filter(check -> !check.isUp())
        .findFirst()
        .map(down -> new Check("running", false, down.name() + ": " + down.reason()))
        .orElseGet(() -> new Check("running", true, "every thread that must run does"));
  }

  private Check accepting() {
    if (parts.isDraining().getAsBoolean()) {
      return new Check("accepting", false, "the hub is shutting down");
    }
    return parts.isStarted().getAsBoolean()
        ? new Check("accepting", true, "sessions and events are taken")
        : new Check("accepting", false, "the hub is starting");
  }

  private String head() {
    return parts.hub().range().headPosition().toString();
  }

  /** One check for all, with the state of each as a detail: threads come and go with settings. */
  private HealthCheckResponse answerThreads() {
    Check all = running();
    HealthCheckResponse.Builder answer =
        HealthCheckResponse.builder().status(all.isUp()).detail("reason", all.reason());
    live().forEach(check -> answer.detail(check.name(), check.reason()));
    return answer.build();
  }

  private static HealthCheckResponse answer(Check check) {
    return HealthCheckResponse.builder()
        .status(check.isUp())
        .detail("reason", check.reason())
        .build();
  }

  private record Observed(String name, HealthCheckType type, Supplier<HealthCheckResponse> answer)
      implements HealthCheck {
    @Override
    public String path() {
      return name;
    }

    @Override
    public HealthCheckResponse call() {
      return answer.get();
    }
  }
}
