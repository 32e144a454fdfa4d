package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.config.DrainSettings;
import dev.reactorhub.hub.ReturnTimes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order of a stop. Whatever is waited for here takes an hour unless it is ended. */
final class DrainTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final DrainSettings AT_ONCE = settings(Duration.ZERO);

  private final Recorded steps = new Recorded();
  private final List<Duration> watched = new CopyOnWriteArrayList<>();

  @Test
  void publishesAreDecidedThenClientsLeaveThenTheLogIsClosed() {
    Drain drain = new Drain(AT_ONCE, watched::add);
    Thread stop = Thread.ofVirtual().start(() -> drain.run(steps));

    await().until(() -> steps.done.size() == 2);
    assertThat(steps.done).containsExactly("unready", "send away PT2S PT10S");
    assertThat(drain.isBegun()).isTrue();
    steps.decided.complete(null);
    await().until(() -> steps.done.size() == 3);
    assertThat(steps.done.getLast()).isEqualTo("farewells PT3S");
    steps.gone.complete(null);
    await().until(() -> !stop.isAlive());
    assertThat(steps.done.getLast()).isEqualTo("end");
  }

  @Test
  void duringTheDelayOnlyReadinessIsOff() {
    Drain drain = new Drain(settings(HOUR), watched::add);
    Thread stop = Thread.ofVirtual().start(() -> drain.run(steps));

    await().until(() -> stop.getState() == Thread.State.WAITING);
    assertThat(steps.done).containsExactly("unready");
    assertThat(drain.isBegun()).isTrue();
    drain.hasten();
    await().until(() -> !stop.isAlive());
  }

  @Test
  void whoeverHastensItIsWaitedForNoMoreButEveryStepIsDone() {
    Drain drain = new Drain(settings(HOUR), watched::add);
    drain.hasten();

    drain.run(steps);

    assertThat(steps.done)
        .containsExactly("unready", "send away PT2S PT10S", "farewells PT0.2S", "end");
  }

  @Test
  void theLogIsClosedThoughAStepBeforeFails() {
    Drain drain = new Drain(AT_ONCE, watched::add);
    steps.failure = new IllegalStateException("planted");

    assertThatThrownBy(() -> drain.run(steps)).isSameAs(steps.failure);

    assertThat(steps.done).containsExactly("unready", "end");
  }

  @Test
  void theGraceIsWatchedFromTheBeginning() {
    Drain drain = new Drain(settings(HOUR), watched::add);
    drain.hasten();

    drain.run(steps);

    assertThat(watched).containsExactly(HOUR.plus(HOUR));
  }

  private static DrainSettings settings(Duration delay) {
    return new DrainSettings(
        delay, Duration.ofSeconds(2), Duration.ofSeconds(10), delay.plus(HOUR));
  }

  /** Writes down what is asked for; what is waited for is up to the test. */
  private static final class Recorded implements Drain.Steps {
    final List<String> done = new CopyOnWriteArrayList<>();
    final CompletableFuture<Void> decided = new CompletableFuture<>();
    final CompletableFuture<Void> gone = new CompletableFuture<>();
    @Nullable RuntimeException failure;

    @Override
    public void turnUnready() {
      done.add("unready");
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public CompletableFuture<?> sendAway(ReturnTimes times) {
      done.add("send away " + times.earliest() + " " + times.window());
      return decided;
    }

    @Override
    public CompletableFuture<?> farewells(Duration timeMax) {
      done.add("farewells " + timeMax);
      return gone;
    }

    @Override
    public void end() {
      done.add("end");
    }
  }
}
