package dev.reactorhub.hub;

import static dev.reactorhub.hub.HubFixture.filter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.HubFixture.Reader;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SubscriptionTest {
  private static final EventFilter DEFAULT = EventFilter.DEFAULT_CHANNEL;
  private static final HubSettings SMALL_WINDOW = new HubSettings(16, 1 << 20, 2);

  @Test
  void aLiveSubscriberGetsWhatIsPublishedAfterItCame() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      f.publish("default", "before");
      Reader reader = f.subscribe(DEFAULT, new Start.Latest()).drain();
      f.publish("default", "a");
      f.publish("default", "b");

      assertThat(reader.drain().told).containsExactly("2", "3");
    }
  }

  @Test
  void aWaitingSubscriberIsWokenOnceForAllThatIsPending() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      Reader reader = f.subscribe(DEFAULT, new Start.Latest()).drain();
      f.publishMany(5, "default", "a");

      assertThat(reader.wakeUps()).isEqualTo(1);
      assertThat(reader.drain().seqs).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void anEventThatDoesNotMatchWakesNobody() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      Reader reader = f.subscribe(filter("news.*", "a"), new Start.Latest()).drain();
      f.publish("default", "a");
      f.publish("news.eu", "b");
      f.publish("news.eu.berlin", "a");

      assertThat(reader.wakeUps()).isZero();
      assertThat(reader.drain().told).isEmpty();
      assertThat(reader.subscription.position()).isEqualTo(f.position(3));
    }
  }

  @Test
  void resumingAfterAPositionGivesWhatWasMissedThenSaysSo() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      f.publishMany(5, "default", "a");
      Reader reader = f.subscribe(DEFAULT, new Start.After(f.position(2))).drain();

      assertThat(reader.told).containsExactly("3", "4", "5", "caught up 5");
      f.publish("default", "a");
      assertThat(reader.drain().told).endsWith("caught up 5", "6");
    }
  }

  @Test
  void aSubscriberFromTheEarliestReadsTheLogWhenTheWindowHasPassed() {
    try (HubFixture f = new HubFixture(SMALL_WINDOW, 0)) {
      f.publishMany(100, "default", "a");
      Reader reader = f.subscribe(DEFAULT, new Start.Earliest()).drain();

      assertThat(reader.seqs).containsExactlyElementsOf(seqs(1, 100));
      assertThat(reader.told).endsWith("caught up 100");
    }
  }

  @Test
  void whoMustNotWaitIsGivenWhatIsHeldAndHearsOfWhatIsRead() {
    try (HubFixture f = new HubFixture(SMALL_WINDOW, 0)) {
      f.publishMany(100, "default", "a");
      Reader reader = f.subscribe(DEFAULT, new Start.Earliest());

      assertThat(reader.subscription.pollHeld(1)).isNull();
      assertThat(reader.subscription.readBehind(1).join())
          .isInstanceOfSatisfying(
              Next.Events.class, first -> assertThat(first.events().getFirst().seq()).isOne());
      reader.drain();
      f.publish("default", "a");
      assertThat(reader.subscription.pollHeld(1))
          .isInstanceOfSatisfying(
              Next.Events.class, live -> assertThat(live.events().getLast().seq()).isEqualTo(101));
    }
  }

  @Test
  void whoCatchesUpAtThePlaceOfAnotherIsGivenTheSameList() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      f.publishMany(100, "default", "a");
      f.publish("other", "a");
      Reader one = f.subscribe(DEFAULT, new Start.Earliest());
      Reader two = f.subscribe(DEFAULT, new Start.Earliest());
      Reader all = f.subscribe(filter(">"), new Start.Earliest());
      Reader late = f.subscribe(DEFAULT, new Start.After(f.position(50)));

      Next.Events given = (Next.Events) one.subscription.poll(1 << 20);
      assertThat(((Next.Events) two.subscription.poll(1 << 20)).events()).isSameAs(given.events());
      assertThat(one.drain().told).containsExactly("caught up 101");
      assertThat(two.drain().told).containsExactly("caught up 101");
      assertThat(all.drain().seqs).containsExactlyElementsOf(seqs(1, 101));
      assertThat(late.drain().seqs).containsExactlyElementsOf(seqs(51, 100));
    }
  }

  @Test
  void aSubscriberThatFallsBehindIsToldAndServedFromTheLog() {
    try (HubFixture f = new HubFixture(SMALL_WINDOW, 0)) {
      Reader reader = f.subscribe(DEFAULT, new Start.Latest()).drain();
      f.publishMany(1000, "default", "a");

      reader.drain();
      assertThat(reader.told.getFirst()).isEqualTo("lagging 0/1000");
      assertThat(reader.seqs).containsExactlyElementsOf(seqs(1, 1000));
      assertThat(reader.told).endsWith("caught up 1000");
    }
  }

  @Test
  void aSparseSubscriberWhoseEventLeftTheWindowStillGetsIt() {
    try (HubFixture f = new HubFixture(SMALL_WINDOW, 0)) {
      Reader reader = f.subscribe(filter("rare"), new Start.Latest()).drain();
      f.publish("rare", "a");
      f.publishMany(500, "default", "a");
      f.publish("rare", "a");

      assertThat(reader.drain().seqs).containsExactly(1L, 502L);
    }
  }

  @Test
  void aGapComesBeforeAnythingElseWhenRetentionHasPassed() {
    try (HubFixture f = new HubFixture(SMALL_WINDOW, 10)) {
      f.publishMany(1000, "default", "a");
      org.awaitility.Awaitility.await().until(() -> f.log.range().earliest() >= 900);
      long earliest = f.log.range().earliest();
      Reader reader = f.subscribe(DEFAULT, new Start.After(f.position(5))).drain();

      assertThat(reader.told.getFirst()).isEqualTo("gap 5-" + earliest + " POSITION_EXPIRED");
      assertThat(reader.seqs).containsExactlyElementsOf(seqs(earliest + 1, 1000));
    }
  }

  @Test
  void whatARuleForAChannelRemovedIsToldOnceBeforeWhatIsLeft() {
    try (HubFixture f = new HubFixture(SMALL_WINDOW, 0)) {
      f.makeAHole();
      Reader brief = f.subscribe(filter("brief.*"), new Start.After(f.position(0)));
      Reader both = f.subscribe(filter("brief.*,default"), new Start.After(f.position(0)));
      Reader resumed = f.subscribe(filter("brief.*,default"), new Start.After(f.position(2)));

      assertThat(brief.drain().told)
          .containsExactly("gap 0-3 CHANNEL_RETENTION", "5", "6", "caught up 106");
      assertThat(both.drain().told)
          .containsExactly("gap 0-1 CHANNEL_RETENTION", "2", "4", "5", "6", "caught up 106");
      assertThat(resumed.drain().told)
          .containsExactly("gap 2-3 CHANNEL_RETENTION", "4", "5", "6", "caught up 106");
    }
  }

  @Test
  void aSubscriberIsToldNothingOfRemovedEventsItDoesNotWant() {
    try (HubFixture f = new HubFixture(SMALL_WINDOW, 0)) {
      f.makeAHole();
      Reader others = f.subscribe(filter("default"), new Start.After(f.position(0)));
      Reader types = f.subscribe(filter("brief.*", "b"), new Start.After(f.position(0)));
      Reader later = f.subscribe(filter("brief.*"), new Start.After(f.position(3)));

      assertThat(others.drain().told).containsExactly("2", "4", "caught up 106");
      assertThat(types.drain().told).containsExactly("caught up 106");
      assertThat(later.drain().told).containsExactly("5", "6", "caught up 106");
    }
  }

  @Test
  void aSubscriberThatIsBehindIsToldWhatWasRemovedMeanwhile() {
    try (HubFixture f = new HubFixture(SMALL_WINDOW, 0)) {
      f.publishMany(3, "brief.a", "a");
      f.publishMany(100, "other", "a");
      Reader reader = f.subscribe(filter("brief.*"), new Start.After(f.position(0)));
      assertThat(reader.pollOnce()).isTrue();
      f.log.enforceRetention();
      reader.subscription.change(filter("brief.*"), f.position(0));
      f.publishMany(3, "brief.a", "a");
      f.publishMany(100, "other", "a");
      f.log.enforceRetention();

      assertThat(reader.drain().told)
          .containsExactly(
              "1", "2", "3", "gap 0-104 CHANNEL_RETENTION", "105", "106", "caught up 206");
    }
  }

  @Test
  void goingBackForARoomTellsWhatWasRemovedFromIt() {
    try (HubFixture f = new HubFixture(SMALL_WINDOW, 0)) {
      f.makeAHole();
      Reader reader = f.subscribe(filter("default"), new Start.After(f.position(0))).drain();
      reader.subscription.change(filter("default,brief.*"), f.position(0));

      assertThat(reader.drain().told)
          .containsExactly(
              "2", "4", "caught up 106", "gap 0-1 CHANNEL_RETENTION", "5", "6", "caught up 106");
    }
  }

  @Test
  void aPositionOfAnotherLogIsAGapToTheEarliest() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      f.publishMany(3, "default", "a");
      Position foreign = new Position(new Epoch("other"), 77);
      Reader reader = f.subscribe(DEFAULT, new Start.After(foreign)).drain();

      assertThat(reader.told)
          .containsExactly("gap 77-0 EPOCH_UNKNOWN", "1", "2", "3", "caught up 3");
    }
  }

  @Test
  void thePositionDoesNotPassAGapThatWasNotTold() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      f.publish("default", "a");
      Position foreign = new Position(new Epoch("other"), 77);
      Reader reader = f.subscribe(DEFAULT, new Start.After(foreign));
      assertThat(reader.subscription.position()).isEqualTo(foreign);

      assertThat(reader.drain().subscription.position()).isEqualTo(f.position(1));
    }
  }

  @Test
  void aPositionBeyondTheHeadIsRefused() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      f.publish("default", "a");
      Hub.SubscribeResult result =
          f.hub.subscribe(DEFAULT, new Start.After(f.position(2)), () -> {});

      assertThat(result).isEqualTo(new Hub.SubscribeResult.InFuture(f.position(1)));
      assertThat(f.hub.stats().subscriptions()).isZero();
    }
  }

  @Test
  void aChangedFilterTakesEffectFromNowOn() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      Reader reader = f.subscribe(filter("default", "a"), new Start.Latest()).drain();
      f.publish("default", "b");
      reader.subscription.change(filter("default", "a", "b"));
      f.publish("default", "b");

      assertThat(reader.drain().told).containsExactly("2");
    }
  }

  @Test
  void whatIsPendingAtAChangeIsDeliveredWhereBothFiltersWantIt() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      Reader reader = f.subscribe(filter("default", "a", "b"), new Start.Latest()).drain();
      f.publish("default", "a"); // wanted before and after
      f.publish("default", "b"); // not wanted any more
      f.publish("default", "c"); // not yet wanted
      reader.subscription.change(filter("default", "a", "c"));
      f.publish("default", "c");

      assertThat(reader.drain().told).containsExactly("1", "4");
    }
  }

  @Test
  void goingBackForNewChannelsRepeatsNothing() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      f.publish("room", "a"); // 1
      Reader reader = f.subscribe(filter("default"), new Start.Latest()).drain();
      f.publish("default", "a"); // 2
      f.publish("room", "a"); // 3
      reader.drain();
      f.publish("default", "a"); // 4, pending
      reader.subscription.change(filter("default,room"), f.position(0));

      assertThat(reader.drain().told).containsExactly("2", "1", "3", "4", "caught up 4");
      f.publish("room", "a");
      assertThat(reader.drain().told).endsWith("5");
    }
  }

  @Test
  void goingBackTwiceRepeatsNothingEither() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      f.publish("a", "t"); // 1
      f.publish("b", "t"); // 2
      f.publish("c", "t"); // 3
      Reader reader = f.subscribe(filter("a"), new Start.Earliest()).drain();
      reader.subscription.change(filter("a,b"), f.position(0));
      reader.drain();
      reader.subscription.change(filter("a,b,c"), f.position(0));

      assertThat(reader.drain().seqs).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void oneCannotGoBackBeyondForgottenChanges() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      Reader reader = f.subscribe(filter("a"), new Start.Latest()).drain();
      for (int i = 0; i <= DeliveredHistory.STRETCHES_MAX; i++) {
        f.publish("a", "t");
        reader.drain();
        reader.subscription.change(filter("a,x" + i));
      }

      assertThat(reader.subscription.change(filter("b"), f.position(0)))
          .isInstanceOf(Subscription.ChangeResult.TooFarBack.class);
      assertThat(reader.subscription.filter())
          .isEqualTo(filter("a,x" + DeliveredHistory.STRETCHES_MAX));
    }
  }

  @Test
  void equalFiltersShareALaneThatGoesWithTheLastOfThem() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      Reader first = f.subscribe(filter("a,b.*", "t"), new Start.Latest());
      Reader second = f.subscribe(filter("b.*,a", "t"), new Start.Latest());
      assertThat(f.hub.stats().filters()).isEqualTo(1);
      assertThat(f.hub.stats().subscriptions()).isEqualTo(2);

      first.subscription.close();
      second.subscription.close();
      second.subscription.close();
      assertThat(f.hub.stats().filters()).isZero();
      assertThat(f.hub.stats().subscriptions()).isZero();
    }
  }

  private static Iterable<Long> seqs(long from, long through) {
    return LongStream.rangeClosed(from, through).boxed().toList();
  }
}
