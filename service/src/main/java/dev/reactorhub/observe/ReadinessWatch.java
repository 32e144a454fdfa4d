package dev.reactorhub.observe;

import dev.reactorhub.health.Check;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks at readiness again and again, on a thread of its own, and tells of each change: to whoever
 * passes it on, and to the operator in one line.
 */
public final class ReadinessWatch implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(ReadinessWatch.class.getName());
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final Supplier<List<Check>> readiness;
  private final Consumer<Boolean> changed;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("readiness-watch").factory());

  /** Watch's thread only. What is not known yet is told in any case. */
  private boolean isKnown;

  private boolean wasReady;

  /**
   * Wires a watch; {@link #start} sets it going.
   *
   * @param changed told the first state and each change, on the watch's thread; must not block
   */
  public ReadinessWatch(Supplier<List<Check>> readiness, Consumer<Boolean> changed) {
    this.readiness = readiness;
    this.changed = changed;
  }

  /** Looks now and then, until closed. */
  public void start() {
    var _ = timer.scheduleWithFixedDelay(this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks no more; when this returns nobody is told any more. */
  @Override
  public void close() {
    timer.close();
  }

  /** Looks once. Watch's thread. */
  void look() {
    try {
      List<Check> checks = readiness.get();
      boolean isReady = checks.stream().allMatch(Check::isUp);
      if (isKnown && isReady == wasReady) {
        return;
      }
      if (isReady && isKnown) {
        LOGGER.log(Level.INFO, "ready_again");
      } else if (!isReady) {
        LOGGER.log(Level.WARNING, "not_ready " + down(checks));
      }
      changed.accept(isReady);
      isKnown = true;
      wasReady = isReady;
    } catch (RuntimeException e) { // the timer's top: the next look may go better
      LOGGER.log(Level.ERROR, "readiness_watch_failed", e);
    }
  }

  private static String down(List<Check> checks) {
    return checks.stream()
        .filter(check -> !check.isUp())
        .map(check -> check.name() + "=\"" + check.reason() + '"')
        .collect(Collectors.joining(" "));
  }
}
