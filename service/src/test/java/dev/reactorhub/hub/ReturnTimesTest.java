package dev.reactorhub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReturnTimesTest {
  private static final Duration EARLIEST = Duration.ofSeconds(2);
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final ReturnTimes times = new ReturnTimes(EARLIEST, WINDOW);

  @Test
  void eachClientHasATimeOfItsOwnEvenlyOverTheWindow() {
    assertThat(IntStream.range(0, 4).mapToObj(i -> times.of(i, 4)))
        .containsExactly(
            Duration.ofMillis(2_000),
            Duration.ofMillis(4_500),
            Duration.ofMillis(7_000),
            Duration.ofMillis(9_500));
  }

  @Test
  void whoComesInBetweenIsToldATimeWithinTheWindow() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(times.any()).isBetween(EARLIEST, EARLIEST.plus(WINDOW));
    }
  }

  @Test
  void withoutAWindowAllComeBackAsSoonAsTheHubIsThere() {
    assertThat(new ReturnTimes(EARLIEST, Duration.ZERO).of(7, 9)).isEqualTo(EARLIEST);
  }

  @Test
  void aTimeBeforeTheStopIsRefused() {
    assertThatThrownBy(() -> new ReturnTimes(Duration.ofSeconds(-1), WINDOW))
        .hasMessageContaining("must not be negative");
    assertThatThrownBy(() -> times.of(4, 4)).hasMessageContaining("must be 0 to 3");
  }
}
