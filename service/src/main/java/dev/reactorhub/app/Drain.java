package dev.reactorhub.app;

import dev.reactorhub.config.DrainSettings;
import dev.reactorhub.hub.ReturnTimes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The order in which a hub stops, and how long it waits for whom (docs/decisions/0021-drain.md).
 * One thread calls {@link #run}, once; the other methods: any thread.
 */
final class Drain {
  /** A client that has not taken its goodbye by then is cut. */
  static final Duration GOODBYES_MAX = Duration.ofSeconds(3);

  /** So much for goodbyes, when somebody is in a hurry. */
  private static final Duration HASTY_GOODBYES_MAX = Duration.ofMillis(200);

  private static final Logger LOGGER = System.getLogger(Drain.class.getName());

  private final DrainSettings settings;
  private final Consumer<Duration> graceWatch;
  private final CompletableFuture<Void> hastened = new CompletableFuture<>();
  private volatile boolean isBegun;

  /**
   * Not begun.
   *
   * @param graceWatch told, once the stop begins, how long it may take: sees to it that the process
   *     ends then
   */
  Drain(DrainSettings settings, Consumer<Duration> graceWatch) {
    this.settings = settings;
    this.graceWatch = graceWatch;
  }

  /** What is done in each step. */
  interface Steps {
    /** Readiness goes off; everything else goes on. Returns at once. */
    void turnUnready();

    /**
     * New sessions and events are refused from now on, and each client is told to go once its
     * events are acknowledged. Returns at once.
     *
     * @return completes once it is decided of every event that was taken
     */
    CompletableFuture<?> sendAway(ReturnTimes times);

    /**
     * Completes once every client has left and has its answers.
     *
     * @param timeMax it may complete after this in any case
     */
    CompletableFuture<?> farewells(Duration timeMax);

    /** Whoever is left is cut, the ports and the log are closed. */
    void end();
  }

  /** Whether the hub was asked to stop. */
  boolean isBegun() {
    return isBegun;
  }

  /** Waits for nobody any more: what is left is cut, and the log is closed. Returns at once. */
  void hasten() {
    hastened.complete(null);
  }

  /** Stops the hub. */
  void run(Steps steps) {
    graceWatch.accept(settings.grace());
    isBegun = true;
    steps.turnUnready();
    LOGGER.log(Level.INFO, "drain_begun delay=" + settings.delay());
    await(new CompletableFuture<>(), settings.delay());
    ReturnTimes times = new ReturnTimes(settings.away(), settings.window());
    // A slow disk may take most of the grace for what was taken; clients get no more than their 3s.
    Duration publishesMax =
        settings.grace().minus(settings.delay()).minus(DrainSettings.CLOSING_MAX);
    long begunNanos = System.nanoTime();
    await(steps.sendAway(times), publishesMax);
    long decidedNanos = System.nanoTime();
    if (hastened.isDone()) {
      var _ = within(steps.farewells(HASTY_GOODBYES_MAX), HASTY_GOODBYES_MAX).join();
    } else {
      await(steps.farewells(GOODBYES_MAX), DrainSettings.CLOSING_MAX.minus(GOODBYES_MAX));
    }
    long leftNanos = System.nanoTime();
    steps.end();
    LOGGER.log(
        Level.INFO,
        "drain_ended publishes_ms="
            + millis(begunNanos, decidedNanos)
            + " goodbyes_ms="
            + millis(decidedNanos, leftNanos)
            + " closing_ms="
            + millis(leftNanos, System.nanoTime())
            + " hastened="
            + hastened.isDone());
  }

  private static long millis(long fromNanos, long toNanos) {
    return TimeUnit.NANOSECONDS.toMillis(toNanos - fromNanos);
  }

  private void await(CompletableFuture<?> done, Duration timeMax) {
    var _ = within(CompletableFuture.anyOf(done, hastened), timeMax).join();
  }

  private static CompletableFuture<Object> within(CompletableFuture<?> done, Duration timeMax) {
    return CompletableFuture.anyOf(done)
        .completeOnTimeout(true, timeMax.toNanos(), TimeUnit.NANOSECONDS);
  }
}
