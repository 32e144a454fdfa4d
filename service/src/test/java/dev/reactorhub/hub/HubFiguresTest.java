package dev.reactorhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a hub counts of its subscribers. */
final class HubFiguresTest {
  @Test
  void aSessionIsSlowFromWhenItFallsBehindUntilItHasCaughtUp() {
    try (HubFixture f = new HubFixture(new HubSettings(2, 1 << 20, 8), 0)) {
      HubFixture.Reader reader = f.subscribe(HubFixture.filter("default"), new Start.Latest());
      reader.drain();
      f.publishMany(6, "default", "a");

      assertThat(reader.pollOnce()).isTrue();
      assertThat(reader.told).containsExactly("lagging 0/6");
      assertThat(figures(f)).containsExactly(1, 1, 1, 0);

      reader.drain();
      assertThat(reader.told).endsWith("caught up 6");
      assertThat(figures(f)).containsExactly(0, 0, 1, 6);
    }
  }

  @Test
  void whoLeavesWhileSlowIsCountedNoMore() {
    try (HubFixture f = new HubFixture(new HubSettings(2, 1 << 20, 8), 0)) {
      HubFixture.Reader reader = f.subscribe(HubFixture.filter("default"), new Start.Latest());
      reader.drain();
      f.publishMany(6, "default", "a");
      reader.pollOnce();

      reader.subscription.close();
      reader.subscription.close();

      assertThat(figures(f)).containsExactly(0, 0, 1, 0);
    }
  }

  @Test
  void whoComesWithAPositionIsBehindButNotSlow() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      f.publishMany(3, "default", "a");
      HubFixture.Reader reader =
          f.subscribe(HubFixture.filter("default"), new Start.After(f.position(1)));
      assertThat(figures(f)).containsExactly(0, 1, 0, 0);

      reader.drain();
      assertThat(reader.told).containsExactly("2", "3", "caught up 3");
      assertThat(figures(f)).containsExactly(0, 0, 0, 0);
    }
  }

  @Test
  void eachGapThatIsToldIsCountedByItsReason() {
    try (HubFixture f = new HubFixture(new HubSettings(2, 1 << 20, 8), 2)) {
      f.publishMany(6, "default", "a");
      f.log.enforceRetention();
      f.subscribe(HubFixture.filter("default"), new Start.After(f.position(1))).drain();
      f.subscribe(HubFixture.filter("default"), new Start.After(f.position(2))).drain();

      assertThat(f.hub.figures().gaps(GapReason.POSITION_EXPIRED)).isEqualTo(2);
      assertThat(Arrays.stream(GapReason.values()).mapToLong(f.hub.figures()::gaps).sum())
          .isEqualTo(2);
    }
  }

  @Test
  void onlyWhatWasCommittedJustNowHasALag() {
    DeliveryFigures figures = new DeliveryFigures();

    figures.written(EncodedEvent.NOT_LIVE, 5_000_000);
    figures.written(1_000_001, 5_000_000);

    assertThat(figures.lagNanos().snapshot().count()).isEqualTo(1);
    assertThat(figures.lagNanos().snapshot().sum()).isEqualTo(3_999_999);
  }

  /** Slow, behind, times fallen behind, events read from the log. */
  private static long[] figures(HubFixture f) {
    HubFigures figures = f.hub.figures();
    return new long[] {figures.slow(), figures.behind(), figures.lagging(), figures.replayed()};
  }
}
