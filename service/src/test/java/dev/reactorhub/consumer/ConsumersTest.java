package dev.reactorhub.consumer;

import static dev.reactorhub.consumer.ConsumersFixture.DEADLINE;
import static dev.reactorhub.consumer.ConsumersFixture.NAME;
import static dev.reactorhub.consumer.ConsumersFixture.definition;
import static dev.reactorhub.consumer.ConsumersFixture.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.consumer.ConsumersFixture.Client;
import dev.reactorhub.consumer.Definition.Mode;
import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ConsumerName;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.Start;
import dev.reactorhub.log.Events;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.memory.LogWithHoles;
import dev.reactorhub.log.memory.MemoryEventLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ConsumersTest {
  private static ConsumersFixture fixture() {
    return new ConsumersFixture(
        MemoryEventLog.open(LogSettings.DEFAULTS, InstantSource.fixed(ConsumersFixture.NOW)),
        ConsumerSettings.DEFAULTS);
  }

  private static void awaitTold(Client client, String... told) {
    await().untilAsserted(() -> assertThat(client.told()).containsExactly(told));
  }

  @Test
  void whatIsNotAcknowledgedInTimeIsGivenToAnother() {
    try (ConsumersFixture f = fixture()) {
      f.publish("a");
      f.publish("a");
      f.publish("b");
      Client one = f.client(shared(">"));
      awaitTold(one, "1", "2", "3");
      one.acknowledge(3L);
      one.client.credit(0, 1);
      Client other = f.client(shared(">"));
      f.advance(DEADLINE);

      // The second was not late by itself: it waits for the first, and keeps its attempt.
      awaitTold(other, "1#2", "2");
      assertThat(f.info().counts().redelivered()).isEqualTo(1);
      other.acknowledge(1L, 2L);
      await().until(() -> f.info().position().equals(f.position(3)));
    }
  }

  @Test
  void whoAsksForMoreTimeGetsIt() {
    try (ConsumersFixture f = fixture()) {
      f.publish("a");
      f.publish("b");
      Client one = f.client(shared(">"));
      awaitTold(one, "1", "2");
      f.advance(DEADLINE.minusSeconds(1));
      one.client.extend(List.of(1L), DEADLINE);
      f.advance(Duration.ofSeconds(1));
      awaitTold(one, "1", "2", "2#2");
    }
  }

  @Test
  void aChannelsNextEventWaitsForTheOneThatWasRejectedWithADelay() {
    try (ConsumersFixture f = fixture()) {
      f.publish("a");
      f.publish("a");
      f.publish("b");
      Client one = f.client(shared(">"));
      awaitTold(one, "1", "2", "3");
      one.client.reject(List.of(1L), "later", Duration.ofSeconds(5));
      f.publish("a");
      f.publish("b");
      awaitTold(one, "1", "2", "3", "5");
      assertThat(f.info().retrying()).isEqualTo(1);
      f.advance(Duration.ofSeconds(5));
      awaitTold(one, "1", "2", "3", "5", "1#2", "2", "4");
    }
  }

  @Test
  void anEventThatFailsTooOftenIsAmongTheDeadLettersWithItsErrorAndTheRestGoesOn() {
    try (ConsumersFixture f = fixture()) {
      f.publish("a");
      f.publish("a");
      Client one = f.client(definition(Mode.SHARED, 2, ">"));
      awaitTold(one, "1", "2");
      one.client.reject(List.of(1L), "first", Duration.ZERO);
      awaitTold(one, "1", "2", "1#2", "2");
      one.client.reject(List.of(1L), "the \"second\"", Duration.ZERO);
      awaitTold(one, "1", "2", "1#2", "2", "2");
      one.acknowledge(2L);

      List<LogRecord> letters =
          Events.readAll(f.log, 0, EventFilter.ofChannel(new Channel("dead-letter.mail")));
      assertThat(letters).hasSize(1);
      Event letter = letters.getFirst().event();
      assertThat(letter.type().value()).isEqualTo("reactor_dead_letter");
      assertThat(letter.id()).isEqualTo("dead-letter:mail:" + f.position(1));
      assertThat(letter.data().toString())
          .isEqualTo(
              "{\"consumer\":\"mail\",\"position\":\""
                  + f.position(1)
                  + "\",\"attempts\":2,\"error\":\"the \\\"second\\\"\",\"event\":"
                  + "{\"type\":\"note\",\"data\":{\"id\":\"e0\"},\"id\":\"e0\",\"seq\":1,"
                  + "\"channel\":\"a\",\"source\":\"test\","
                  + "\"timestamp\":\"2026-01-31T12:00:00Z\"}}");
      // Its own dead letter, which the filter matches, is not given to it.
      await().until(() -> f.info().position().equals(f.position(3)));
      assertThat(f.info().counts().parked()).isEqualTo(1);
    }
  }

  @Test
  void whoLeavesInOrderHasFailedNothingAndWhoseStreamBreaksHasFailedTheOldestOfEachChannel() {
    try (ConsumersFixture f = fixture()) {
      f.publish("a");
      f.publish("a");
      Client one = f.client(shared(">"));
      awaitTold(one, "1", "2");
      one.client.finish().join();
      Client two = f.client(shared(">"));
      awaitTold(two, "1", "2");
      two.client.close();
      Client three = f.client(shared(">"));
      awaitTold(three, "1#2", "2");
    }
  }

  @Test
  void ofAnExclusiveConsumerTheNextTakesOverWhenTheActiveOneLeaves() {
    try (ConsumersFixture f = fixture()) {
      f.publish("a");
      f.publish("b");
      Definition exclusive = definition(Mode.EXCLUSIVE, 3, ">");
      Client one = f.client(exclusive);
      Client two = f.client(exclusive);
      awaitTold(one, "1", "2");
      awaitTold(two);
      one.acknowledge(1L);
      one.client.close();
      awaitTold(two, "active", "2#2");
    }
  }

  @Test
  void ofAnExclusiveConsumerTheNextTakesOverWhenTheActiveOneIsLate() {
    try (ConsumersFixture f = fixture()) {
      f.publish("a");
      f.publish("b");
      Definition exclusive = definition(Mode.EXCLUSIVE, 3, ">");
      Client one = f.client(exclusive);
      Client two = f.client(exclusive);
      awaitTold(one, "1", "2");
      f.advance(DEADLINE);
      awaitTold(two, "active", "1#2", "2");
      awaitTold(one, "1", "2", "standby");
      // Its work was not in vain, if it had done it.
      one.acknowledge(1L);
      await().until(() -> f.info().position().equals(f.position(1)));
    }
  }

  @Test
  void whatWasAcknowledgedAndWhatFailedIsKnownAfterARestart() {
    try (ConsumersFixture f = fixture()) {
      for (int i = 0; i < 6; i++) {
        f.publish("c" + i);
      }
      Client one = f.client(shared(">"));
      awaitTold(one, "1", "2", "3", "4", "5", "6");
      one.acknowledge(1L, 3L, 4L, 6L);
      one.client.reject(List.of(5L), "no", Duration.ZERO);
      f.restart();
      assertThat(f.info().position()).isEqualTo(f.position(1));
      assertThat(f.info().counts().acknowledged()).isEqualTo(4);
      Client two = f.client(shared(">"));
      awaitTold(two, "2", "5#2");
      two.acknowledge(2L, 5L);
      await().until(() -> f.info().position().equals(f.position(6)));
      assertThat(f.info().lag()).isZero();
    }
  }

  @Test
  void aCursorThatRetentionHasPassedIsToldByAGapUntilAnEventBehindItIsAcknowledged() {
    MemoryEventLog log = LogWithHoles.open(2, InstantSource.fixed(ConsumersFixture.NOW));
    try (ConsumersFixture f = new ConsumersFixture(log, ConsumerSettings.DEFAULTS)) {
      f.client(shared(">")).client.close();
      for (int i = 0; i < 6; i++) {
        f.publish("a");
      }
      log.enforceRetention();
      Client one = f.client(shared(">"));
      awaitTold(one, "gap 0-4 POSITION_EXPIRED", "5", "6");
      Client two = f.client(shared(">"));
      awaitTold(two, "gap 0-4 POSITION_EXPIRED");
      assertThat(f.info().position()).isEqualTo(f.position(0));
      one.acknowledge(5L);
      await().until(() -> f.info().position().equals(f.position(5)));
      awaitTold(f.client(shared(">")));
    }
  }

  @Test
  void aCursorOfAnotherLogIsToldByAGap() {
    Map<String, byte[]> stored;
    Position before;
    try (ConsumersFixture f = fixture()) {
      f.publish("a");
      Client one = f.client(shared(">"));
      awaitTold(one, "1");
      one.acknowledge(1L);
      before = f.position(1);
      await().until(() -> f.info().position().equals(f.position(1)));
      f.consumers.close();
      stored = f.log.cursors().load();
    }
    try (ConsumersFixture f = fixture()) {
      stored.forEach(
          (name, state) -> f.log.cursors().store(Map.of(name, Optional.of(state))).join());
      f.restart();
      f.publish("a");
      assertThat(f.info().position()).isEqualTo(before);
      Client one = f.client(shared(">"));
      awaitTold(one, "gap 1-0 EPOCH_UNKNOWN", "1");
      one.acknowledge(1L);
      await().until(() -> f.info().position().equals(f.position(1)));
    }
  }

  @Test
  void anEventThatIsGoneWhenItIsToBeGivenAgainIsToldByAGap() {
    MemoryEventLog log = LogWithHoles.open(2, InstantSource.fixed(ConsumersFixture.NOW));
    try (ConsumersFixture f = new ConsumersFixture(log, ConsumerSettings.DEFAULTS)) {
      f.publish("a");
      Client one = f.client(shared(">"));
      awaitTold(one, "1");
      f.publish("b");
      f.publish("b");
      log.enforceRetention();
      one.client.reject(List.of(1L), "again", Duration.ZERO);
      await()
          .untilAsserted(
              () -> assertThat(one.told()).contains("gap 0-1 POSITION_EXPIRED", "2", "3"));
      one.acknowledge(2L, 3L);
      await().until(() -> f.info().position().equals(f.position(3)));
    }
  }

  @Test
  void aCursorWithANarrowFilterMovesWithTheLog() {
    try (ConsumersFixture f = fixture()) {
      Client one = f.client(shared("seldom"));
      for (int i = 0; i < 5; i++) {
        f.publish("often");
      }
      f.advance(Duration.ofSeconds(10));
      awaitTold(one);
      await().until(() -> f.info().position().equals(f.position(5)));
      assertThat(f.info().lag()).isZero();
      f.restart();
      assertThat(f.info().position()).isEqualTo(f.position(5));
    }
  }

  @Test
  void aResetMovesTheCursorAndSendsTheClientsAway() {
    try (ConsumersFixture f = fixture()) {
      f.publish("a");
      f.publish("a");
      Client one = f.client(shared(">"));
      awaitTold(one, "1", "2");
      one.acknowledge(1L, 2L);
      await().until(() -> f.info().position().equals(f.position(2)));
      assertThat(f.consumers.reset(NAME, new Start.After(f.position(1))))
          .isInstanceOf(Consumers.Result.Moved.class);
      awaitTold(one, "1", "2", "ended");
      one.client.close();
      f.restart();
      awaitTold(f.client(shared(">")), "2");
      assertThat(f.consumers.reset(NAME, new Start.After(f.position(9))))
          .isEqualTo(new Consumers.Result.InFuture(f.position(2)));
    }
  }

  @Test
  void aDeletedConsumerIsForgottenAndItsClientsAreSentAway() {
    try (ConsumersFixture f = fixture()) {
      Client one = f.client(shared(">"));
      assertThat(f.consumers.delete(NAME)).isEqualTo(new Consumers.Result.Deleted());
      awaitTold(one, "ended");
      assertThat(f.consumers.delete(NAME)).isEqualTo(new Consumers.Result.NotFound());
      f.restart();
      assertThat(f.consumers.info(NAME)).isEmpty();
      assertThat(f.log.cursors().load()).isEmpty();
    }
  }

  @Test
  void whatCannotBeOpenedIsToldWhy() {
    ConsumerSettings one =
        new ConsumerSettings(1, 10, 1_000, DEADLINE, DEADLINE, DEADLINE, 1, 1, Duration.ZERO);
    MemoryEventLog log =
        MemoryEventLog.open(LogSettings.DEFAULTS, InstantSource.fixed(ConsumersFixture.NOW));
    try (ConsumersFixture f = new ConsumersFixture(log, one)) {
      ConsumerClient.Peer peer = new ConsumerClient.Peer("test", () -> {});
      assertThat(f.open(shared(">"), new Start.After(f.position(1))))
          .isEqualTo(new Consumers.Result.InFuture(f.position(0)));
      assertThat(
              f.consumers.open(
                  new Consumers.Opening(NAME, Optional.empty(), new Start.Latest(), DEADLINE),
                  peer))
          .isEqualTo(new Consumers.Result.NotFound());
      f.client(shared(">"));
      assertThat(f.open(shared("a"), new Start.Latest()))
          .isEqualTo(new Consumers.Result.Mismatch("another filter"));
      assertThat(
              f.consumers.open(
                  new Consumers.Opening(
                      new ConsumerName("two"),
                      Optional.of(shared(">")),
                      new Start.Latest(),
                      DEADLINE),
                  peer))
          .isEqualTo(new Consumers.Result.TooMany(1));
    }
  }

  @Test
  void anAcknowledgementOfWhatWasNeverGivenIsRefused() {
    try (ConsumersFixture f = fixture()) {
      f.publish("a");
      Client one = f.client(shared(">"));
      awaitTold(one, "1");
      assertThat(one.client.acknowledge(List.of(1L, 2L), null, 1))
          .isEqualTo(
              new ConsumerClient.Answer.Invalid(
                  "seq 2 was not given out on this stream, nor one so new"));
      assertThat(one.client.acknowledge(List.of(), f.position(2), 1))
          .isInstanceOf(ConsumerClient.Answer.Invalid.class);
      assertThat(f.info().outstanding()).isEqualTo(1);
      assertThat(one.client.acknowledge(List.of(1L), null, 5))
          .isEqualTo(new ConsumerClient.Answer.Taken());
      awaitTold(one, "1", "durable 5");
      assertThat(one.client.acknowledge(List.of(1L), null, 5))
          .isEqualTo(new ConsumerClient.Answer.Invalid("ref is 5: must be more than 5"));
    }
  }
}
