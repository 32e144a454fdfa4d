package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.workload.Workload;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real process, killed again and again under publishers and subscribers on every face. */
@Tag("kill")
final class KillLoopTest {
  private static final System.Logger LOGGER = System.getLogger(KillLoopTest.class.getName());

  /** Of each seed: 40 in all; HUB_TEST_ROUNDS=50 makes them 100. */
  private static final int KILLS = 20;

  private static final long LIFE_EVENTS_MAX = 400;
  private static final long MORE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

  /** Of so many starts, one is killed before it is over. */
  private static final int KILL_STARTING_ONE_OF = 10;

  private static final long START_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

  private static final String[] OPTIONS = Workload.OPTIONS.toArray(String[]::new);

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingAcknowledgedIsLostAndNothingSeenIsTakenBack(long seed, @TempDir Path data)
      throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    HubProcess hub = HubProcess.start(HubLaunch.QUICK, data, OPTIONS);
    try (Workload workload = new Workload(seed, hub.endpoint())) {
      for (int kill = 1; kill <= Seeds.rounds(KILLS); kill++) {
        workload.awaitAcknowledged(random.nextLong(LIFE_EVENTS_MAX));
        LockSupport.parkNanos(random.nextLong(MORE_NANOS_MAX));
        hub.kill();
        if (random.nextInt(KILL_STARTING_ONE_OF) == 0) {
          HubProcess.startAndKill(HubLaunch.QUICK, data, random.nextLong(START_NANOS_MAX), OPTIONS);
        }
        hub = HubProcess.start(HubLaunch.QUICK, data, OPTIONS);
        workload.moveTo(hub.endpoint());
      }
      Workload.Result result = workload.finish();
      LOGGER.log(
          Level.INFO,
          "kills={0} seed={1} {2}",
          Seeds.rounds(KILLS),
          Long.toString(seed),
          result.summary());
      assertThat(result.violations()).as(Seeds.replay("kill", seed)).isEmpty();
      assertThat(result.gaps()).isZero();
      assertThat(result.delivered()).isGreaterThan(result.stored());
    } finally {
      hub.close();
    }
  }

  static List<Long> seeds() {
    return Seeds.seeds();
  }
}
