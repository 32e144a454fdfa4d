package dev.reactorhub.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.consumer.Definition.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an acknowledgement up to a position covers when events are given out again. */
final class AcknowledgeThroughTest {
  private static final int BYTES_MAX = 1 << 20;
  private static final long DEADLINE_NANOS = 1_000;

  private final Ledger<String> ledger =
      new Ledger<>(new Ledger.Bounds(Mode.SHARED, 5, 100, BYTES_MAX), LedgerState.at(0));

  @Test
  void anEventThatCameAfterThePositionWasToldIsLeftOut() {
    Holder<String> one = holder();
    Holder<String> two = holder();
    ledger.add(1, "a", 1, "first");
    ledger.take(one, 0, BYTES_MAX);
    ledger.add(2, "b", 1, "second");
    ledger.take(two, 0, BYTES_MAX);
    ledger.close(one, true, 0);
    ledger.fill(1, "first");
    ledger.take(two, 0, BYTES_MAX); // The first is on its way to it.

    assertThat(ledger.acknowledgeThrough(two, 2)).isEqualTo(1);
    assertThat(ledger.held(two, 2)).extracting(entry -> entry.seq).containsExactly(1L);
    assertThat(ledger.floor()).isZero();
    assertThat(ledger.acknowledge(two, List.of(1L))).isEqualTo(1);
    assertThat(ledger.floor()).isEqualTo(2);
  }

  @Test
  void aNewerPositionThatCameAfterItCoversIt() {
    Holder<String> one = holder();
    Holder<String> two = holder();
    ledger.add(1, "a", 1, "first");
    ledger.take(one, 0, BYTES_MAX);
    ledger.add(2, "b", 1, "second");
    ledger.take(two, 0, BYTES_MAX);
    ledger.close(one, true, 0);
    ledger.fill(1, "first");
    ledger.take(two, 0, BYTES_MAX);
    ledger.add(3, "c", 1, "third");
    ledger.take(two, 0, BYTES_MAX);

    assertThat(ledger.acknowledgeThrough(two, 3)).isEqualTo(3);
  }

  @Test
  void aPositionOfTheSameChannelCoversWhatIsGivenAgain() {
    Holder<String> one = holder();
    ledger.add(1, "a", 1, "first");
    ledger.add(2, "a", 1, "second");
    ledger.take(one, 0, BYTES_MAX);
    ledger.expire(DEADLINE_NANOS);
    ledger.fill(1, "first");
    ledger.take(one, DEADLINE_NANOS, BYTES_MAX);
    ledger.fill(2, "second");
    ledger.take(one, DEADLINE_NANOS, BYTES_MAX);

    assertThat(ledger.acknowledgeThrough(one, 2)).isEqualTo(2);
  }

  private Holder<String> holder() {
    Holder<String> holder = ledger.open(DEADLINE_NANOS);
    holder.eventsMax = 10;
    holder.bytesMax = BYTES_MAX;
    return holder;
  }
}
