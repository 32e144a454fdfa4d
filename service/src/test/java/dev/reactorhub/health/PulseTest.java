package dev.reactorhub.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PulseTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final Pulse pulse = new Pulse("worker", BOUND, nanos::get);

  @Test
  void withoutWorkItIsWellHoweverLong() {
    pass(Duration.ofDays(1));

    assertThat(pulse.check()).isEqualTo(new Check("worker", true, "waits for work"));
  }

  @Test
  void workThatTakesItsBoundIsWellAndOneMomentMoreIsStuck() {
    pass(Duration.ofDays(1));
    pulse.begin();
    pass(BOUND);
    assertThat(pulse.check()).isEqualTo(new Check("worker", true, "runs"));

    pass(Duration.ofNanos(1));

    assertThat(pulse.check()).isEqualTo(new Check("worker", false, "stuck for 30 s"));
  }

  @Test
  void stuckWorkThatEndsAfterAllIsWellAgain() {
    pulse.begin();
    pass(BOUND.multipliedBy(2));

    pulse.end();

    assertThat(pulse.check().isUp()).isTrue();
  }

  @Test
  void workOfManyIsWellAsLongAsSomeOfItEnds() {
    pulse.begin();
    for (int i = 0; i < 5; i++) {
      pulse.begin();
      pass(Duration.ofSeconds(20));
      pulse.end();
    }

    assertThat(pulse.check().isUp()).isTrue();
    pass(BOUND.plusNanos(1));
    assertThat(pulse.check().isUp()).isFalse();
  }

  @Test
  void whatNeverEndsIsWellAsLongAsItBeats() {
    pulse.begin();
    pass(Duration.ofSeconds(20));
    pulse.beat();
    pass(Duration.ofSeconds(20));

    assertThat(pulse.check().isUp()).isTrue();
    pass(Duration.ofSeconds(11));
    assertThat(pulse.check().isUp()).isFalse();
  }

  @Test
  void aThreadThatHasEndedIsDeadThoughNoWorkWaits() throws InterruptedException {
    Thread thread = Thread.ofPlatform().start(() -> {});
    thread.join();
    pulse.follow(thread);

    assertThat(pulse.check()).isEqualTo(new Check("worker", false, "the thread has ended"));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
