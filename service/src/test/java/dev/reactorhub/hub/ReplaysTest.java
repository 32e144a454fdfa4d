package dev.reactorhub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whose turn it is, of those who are behind. */
class ReplaysTest {
  @Test
  void noMoreReadAtOnceThanAllowed() throws InterruptedException {
    Replays replays = new Replays(1, 4, Duration.ZERO);
    AtomicInteger reading = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads =
        IntStream.range(0, 50)
            .mapToObj(
                i ->
                    Thread.startVirtualThread(
                        () ->
                            replays.inTurn(
                                () -> {
                                  most.accumulateAndGet(reading.incrementAndGet(), Math::max);
                                  return reading.decrementAndGet();
                                })))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void aFailureIsTheCallers() {
    IllegalStateException failure = new IllegalStateException("the log is closed");
    assertThatThrownBy(
            () ->
                new Replays(4, 4, Duration.ZERO)
                    .inTurn(
                        () -> {
                          throw failure;
                        }))
        .isSameAs(failure);
  }

  @Test
  void whatIsLiveGoesFirst() throws InterruptedException {
    Replays replays = new Replays(1, 1, Duration.ofMinutes(5));
    Queue<String> order = new ConcurrentLinkedQueue<>();
    replays.liveBegins();
    Thread behind = Thread.startVirtualThread(() -> replays.inTurn(() -> order.add("behind")));
    order.add("live");
    replays.liveEnds();
    behind.join();
    assertThat(order).containsExactly("live", "behind");
  }

  @Test
  void butNotForEver() {
    Replays replays = new Replays(1, 1, Duration.ofMillis(1));
    replays.liveBegins();
    assertThat(replays.inTurn(() -> "read")).isEqualTo("read");
  }

  @Test
  void aProcessorThatLiveDeliveriesLeaveFreeIsUsed() {
    Replays replays = new Replays(1, 2, Duration.ofMinutes(5));
    replays.liveBegins();
    assertThat(replays.inTurn(() -> "read")).isEqualTo("read");
  }
}
