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
  /** Once nobody has left for so long, those who have not taken their goodbye are cut. */
  static final Duration GOODBYE_MAX = Duration.ofSeconds(3);

  /** Kept for the last step. */
  private static final Duration END_MAX = Duration.ofSeconds(3);

  /** So much for all goodbyes, when somebody is in a hurry. */
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
     * @param quietMax it completes as well when nobody has left for so long
     */
    CompletableFuture<?> farewells(Duration quietMax);

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

  /** Stops the hub; the last step is done whatever becomes of those before. */
  void run(Steps steps) {
    graceWatch.accept(settings.grace());
    isBegun = true;
    try {
      steps.turnUnready();
      LOGGER.log(Level.INFO, "drain_begun delay=" + settings.delay());
      await(new CompletableFuture<>(), settings.delay());
      sendAway(steps);
    } finally {
      long startedNanos = System.nanoTime();
      steps.end();
      LOGGER.log(
          Level.INFO,
          "drain_ended closing_ms=" + millisSince(startedNanos) + " hastened=" + isHastened());
    }
  }

  private void sendAway(Steps steps) {
    long startedNanos = System.nanoTime();
    // A disk that is slow may take most of the grace for what was taken.
    Duration publishesMax =
        settings.grace().minus(settings.delay()).minus(DrainSettings.CLOSING_MAX);
    Duration allMax = settings.grace().minus(settings.delay()).minus(END_MAX);
    await(steps.sendAway(new ReturnTimes(settings.away(), settings.window())), publishesMax);
    long decidedNanos = System.nanoTime();
    LOGGER.log(Level.INFO, "drain_publishes_decided millis=" + millisSince(startedNanos));
    if (isHastened()) {
      var _ = within(steps.farewells(HASTY_GOODBYES_MAX), HASTY_GOODBYES_MAX).join();
    } else {
      await(steps.farewells(GOODBYE_MAX), allMax.minusNanos(System.nanoTime() - startedNanos));
    }
    LOGGER.log(Level.INFO, "drain_goodbyes_said millis=" + millisSince(decidedNanos));
  }

  private boolean isHastened() {
    return hastened.isDone();
  }

  private static long millisSince(long startNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }

  private void await(CompletableFuture<?> done, Duration timeMax) {
    var _ = within(CompletableFuture.anyOf(done, hastened), timeMax).join();
  }

  private static CompletableFuture<Object> within(CompletableFuture<?> done, Duration timeMax) {
    return CompletableFuture.anyOf(done)
        .completeOnTimeout(true, timeMax.toNanos(), TimeUnit.NANOSECONDS);
  }
}
