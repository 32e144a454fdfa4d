package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class WakeUpTest {
  private final Queue<Runnable> thread = new ArrayDeque<>();
  private int steps;
  private final WakeUp wakeUp = new WakeUp(thread::add, () -> steps++);

  @Test
  void theStepRunsOnceForAllWhoAskedBeforeItBegan() {
    wakeUp.wake();
    wakeUp.wake();

    assertThat(thread).hasSize(1);
    thread.remove().run();
    assertThat(steps).isOne();
  }

  @Test
  void whoAsksWhileTheStepRunsIsServedByAnother() {
    WakeUp[] self = new WakeUp[1];
    self[0] =
        new WakeUp(
            thread::add,
            () -> {
              if (steps++ == 0) {
                self[0].wake();
              }
            });
    self[0].wake();
    thread.remove().run();

    assertThat(thread).hasSize(1);
    thread.remove().run();
    assertThat(steps).isEqualTo(2);
    assertThat(thread).isEmpty();
  }
}
