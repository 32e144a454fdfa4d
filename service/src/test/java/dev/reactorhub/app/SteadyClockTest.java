package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The clock under a wall clock that jumps; the time that passes is the test's own. */
final class SteadyClockTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  /** Where a nano clock may start, so that it passes its largest value in the test. */
  private static final long NANOS_START = Long.MAX_VALUE - 5_000_000_000L;

  private Instant wall = START;
  private long nanos = NANOS_START;
  private final List<String> warnings = new ArrayList<>();
  private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos, warnings::add);

  @Test
  void aClockBesideASoundWallClockShowsItsTime() {
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofMillis(317));
      assertThat(clock.instant()).isEqualTo(wall);
    }
  }

  @Test
  void aDayForwardMovesTheClockByATenthOfTheTimeThatPasses() {
    wall = wall.plus(Duration.ofDays(1));
    assertThat(clock.instant()).isEqualTo(START);

    pass(Duration.ofSeconds(10));
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(11));
  }

  @Test
  void aDayBackSlowsTheClockByATenthOfTheTimeThatPasses() {
    wall = wall.minus(Duration.ofDays(1));
    assertThat(clock.instant()).isEqualTo(START);

    pass(Duration.ofSeconds(10));
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(9));
  }

  @Test
  void whateverTheWallClockDoesTheClockNeverGoesBackAndKeepsPaceWithinATenth() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Instant before = clock.instant();
      for (int step = 0; step < 200; step++) {
        Duration passed = Duration.ofNanos(random.nextLong(5_000_000_000L));
        pass(passed);
        if (random.nextInt(10) == 0) {
          wall = wall.plusMillis(random.nextLong(-200_000_000L, 200_000_000L));
        }
        Instant now = clock.instant();
        Duration moved = Duration.between(before, now);
        Duration slew = moved.minus(passed).abs();
        assertThat(moved).as("seed %d step %d", seed, step).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(slew).as("seed %d step %d", seed, step).isLessThanOrEqualTo(tenth(passed));
        before = now;
      }
    }
  }

  @Test
  void afterAJumpTheClockComesToTheWallClockInTenTimesTheJump() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      Duration jump = Duration.ofMillis(random.nextLong(-86_400_000L, 86_400_000L));
      wall = wall.plus(jump);
      Duration left = jump.abs().multipliedBy(SteadyClock.SLEW_DIVISOR).plusSeconds(1);
      while (left.isPositive()) {
        Duration step = Duration.ofSeconds(1 + random.nextInt(3_600));
        pass(step);
        assertThat(clock.instant()).isNotNull();
        left = left.minus(step);
      }
      assertThat(clock.instant()).as("seed %d", seed).isEqualTo(wall);
    }
  }

  @Test
  void aWallClockBeyondWhatNanosecondsCountIsBorneToo() {
    wall = Instant.MAX.minusSeconds(60);
    pass(Duration.ofSeconds(10));
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(11));

    wall = Instant.EPOCH;
    pass(Duration.ofSeconds(10));
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(20));
  }

  @Test
  void aClockBehindTheLogStartsAtTheLogsNewestEvent() {
    Instant newest = START.plus(Duration.ofDays(1));
    clock.startNoEarlierThan(newest);
    assertThat(clock.instant()).isEqualTo(newest);

    pass(Duration.ofSeconds(10));
    assertThat(clock.instant()).isEqualTo(newest.plusSeconds(9));
  }

  @Test
  void aClockAheadOfTheLogIsLeftAlone() {
    clock.startNoEarlierThan(START.minusSeconds(1));
    assertThat(clock.instant()).isEqualTo(START);
  }

  @Test
  void aJumpIsToldOnce() {
    wall = wall.minus(Duration.ofHours(3));
    for (int i = 0; i < 10; i++) {
      pass(Duration.ofSeconds(5));
      assertThat(clock.instant()).isNotNull();
    }
    assertThat(warnings).singleElement().asString().startsWith("clock_jumped by=PT-3H now=");
  }

  @Test
  void smallStepsOfTheWallClockAreNotWorthALine() {
    wall = wall.plus(SteadyClock.JUMP_MIN);
    assertThat(clock.instant()).isEqualTo(START);
    assertThat(warnings).isEmpty();
  }

  @Test
  void eachOfManyThreadsSeesTimeThatNeverGoesBack() throws Exception {
    SteadyClock shared = SteadyClock.system();
    Callable<Boolean> reader =
        () -> {
          Instant before = shared.instant();
          for (int i = 0; i < 20_000; i++) {
            Instant now = shared.instant();
            if (now.isBefore(before)) {
              return false;
            }
            before = now;
          }
          return true;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> rose : threads.invokeAll(List.of(reader, reader, reader, reader))) {
        assertThat(rose.get(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private void pass(Duration duration) {
    nanos += duration.toNanos();
    wall = wall.plus(duration);
  }

  private static Duration tenth(Duration duration) {
    return Duration.ofNanos(duration.toNanos() / SteadyClock.SLEW_DIVISOR);
  }
}
