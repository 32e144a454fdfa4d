package dev.reactorhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class UnderWayTest {
  private final UnderWay underWay = new UnderWay();

  @Test
  void theEndIsKnownOnceTheLastThatWasLetInHasLeft() {
    assertThat(underWay.enter()).isTrue();
    assertThat(underWay.enter()).isTrue();
    CompletableFuture<Void> ended = underWay.close();

    underWay.leave();
    assertThat(ended).isNotDone();
    underWay.leave();
    assertThat(ended).isDone();
  }

  @Test
  void nobodyIsLetInOnceItIsClosedAndNobodyWaitsForThem() {
    CompletableFuture<Void> ended = underWay.close();

    assertThat(underWay.isClosed()).isTrue();
    assertThat(underWay.enter()).isFalse();
    assertThat(ended).isDone();
    assertThat(underWay.close()).isDone();
  }

  @Test
  void thatAllHaveLeftIsNoEndBeforeItIsClosed() {
    assertThat(underWay.enter()).isTrue();
    underWay.leave();

    assertThat(underWay.enter()).isTrue();
  }
}
