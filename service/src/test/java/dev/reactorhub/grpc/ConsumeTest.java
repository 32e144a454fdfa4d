package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.stream.TestConsumer;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.Consumer;
import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.ConsumerMode;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.Credit;
import dev.reactorhub.v1.DeleteConsumerRequest;
import dev.reactorhub.v1.Earliest;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.GetConsumerRequest;
import dev.reactorhub.v1.ListConsumersRequest;
import dev.reactorhub.v1.ListConsumersResponse;
import dev.reactorhub.v1.Open;
import dev.reactorhub.v1.ResetConsumerRequest;
import dev.reactorhub.v1.Start;
import io.grpc.Status;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ConsumeTest {
  private static ConsumerServiceGrpc.ConsumerServiceBlockingStub calls(GrpcFixture f) {
    return ConsumerServiceGrpc.newBlockingStub(f.channel);
  }

  private static Consumer get(GrpcFixture f, String name) {
    return calls(f)
        .getConsumer(GetConsumerRequest.newBuilder().setConsumer(name).build())
        .getConsumer();
  }

  private static void awaitTold(TestConsumer consumer, String... told) {
    await().untilAsserted(() -> assertThat(consumer.told).containsExactly(told));
  }

  private static ErrorInfo awaitFailure(TestConsumer consumer) {
    await().until(() -> consumer.failure != null);
    return GrpcFixture.errorInfo(Objects.requireNonNull(consumer.failure));
  }

  private static Open.Builder exclusive(Open.Builder open) {
    return open.setDefinition(
        ConsumerDefinition.newBuilder().setMode(ConsumerMode.CONSUMER_MODE_EXCLUSIVE));
  }

  @Test
  void aNewConsumerIsMadeAndGivenWhatMatchesAndItsAcknowledgementsAreConfirmed() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      f.publish("default", "a");
      try (TestConsumer one = TestConsumer.open(f.channel, "mail", open -> open)) {
        awaitTold(one, "made active 1");
        f.publish("other", "a");
        f.publish("default", "a");
        f.publish("default", "a");
        awaitTold(one, "made active 1", "3", "4");
        one.acknowledge(7, 4L);
        awaitTold(one, "made active 1", "3", "4", "durable 7 2");
        one.acknowledgeThrough(8, f.position(4));
        awaitTold(one, "made active 1", "3", "4", "durable 7 2", "durable 8 4");
        assertThat(one.deliveries.getFirst().getEvent().getPosition()).isEqualTo(f.position(3));
        assertThat(one.deliveries.getFirst().getAttempt()).isEqualTo(1);
      }
    }
  }

  @Test
  void noMoreIsOutstandingThanTheCreditAllowsAndAnAcknowledgementMakesRoom() {
    try (GrpcFixture f = GrpcFixture.ofDefaults();
        TestConsumer one =
            TestConsumer.open(
                f.channel, "mail", open -> open.setCredit(Credit.newBuilder().setEventsMax(2)))) {
      awaitTold(one, "made active 0");
      for (int i = 0; i < 5; i++) {
        f.publish("default", "a");
      }
      awaitTold(one, "made active 0", "1", "2");
      assertThat(get(f, "mail").getOutstandingEvents()).isEqualTo(2);
      one.acknowledge(0, 1L);
      awaitTold(one, "made active 0", "1", "2", "3");
      one.credit(3);
      awaitTold(one, "made active 0", "1", "2", "3", "4");
    }
  }

  @Test
  void whatIsSaidBeforeTheConsumerIsOpenIsHeardAfterIt() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      TestConsumer one = TestConsumer.open(f.channel, "mail", open -> open);
      one.credit(1);
      awaitTold(one, "made active 0"); // Begins at the newest event: what comes now is for it.
      f.publish("default", "a");
      f.publish("default", "a");
      await().until(() -> one.told.contains("1"));
      await().until(() -> get(f, "mail").getClients(0).getCredit().getEventsMax() == 1);

      TestConsumer brief = TestConsumer.open(f.channel, "brief", open -> open);
      brief.finish();
      await().until(() -> brief.isCompleted);
      assertThat(brief.told).containsExactly("made active 2");
      assertThat(get(f, "brief").getClientsCount()).isZero();
    }
  }

  @Test
  void clientsOfOneNameShareTheWorkAndWhatABrokenStreamHadGoesToTheOthers() {
    try (GrpcFixture f = GrpcFixture.ofDefaults();
        TestConsumer one = TestConsumer.open(f.channel, "mail", open -> open)) {
      awaitTold(one, "made active 0");
      f.publish("default", "a");
      awaitTold(one, "made active 0", "1");
      try (TestConsumer two = TestConsumer.open(f.channel, "mail", open -> open)) {
        awaitTold(two, "opened active 0");
        f.publish("default", "a");
        awaitTold(one, "made active 0", "1", "2");
        one.breakOff();
        awaitTold(two, "opened active 0", "1#2", "2");
      }
    }
  }

  @Test
  void ofAnExclusiveConsumerOneIsActiveAndTheNextTakesOver() {
    try (GrpcFixture f = GrpcFixture.ofDefaults();
        TestConsumer one = TestConsumer.open(f.channel, "mail", ConsumeTest::exclusive)) {
      awaitTold(one, "made active 0");
      try (TestConsumer two = TestConsumer.open(f.channel, "mail", ConsumeTest::exclusive)) {
        awaitTold(two, "opened standby 0");
        f.publish("default", "a");
        awaitTold(one, "made active 0", "1");
        one.finish();
        await().until(() -> one.isCompleted);
        awaitTold(two, "opened standby 0", "active", "1");
      }
    }
  }

  @Test
  void aStreamThatIsEndedInOrderIsConfirmedWhatItAcknowledgedLast() {
    try (GrpcFixture f = GrpcFixture.ofDefaults();
        TestConsumer one = TestConsumer.open(f.channel, "mail", open -> open)) {
      awaitTold(one, "made active 0");
      f.publish("default", "a");
      await().until(() -> one.told.contains("1"));
      one.acknowledge(1, 1L);
      one.finish();
      await().until(() -> one.isCompleted);
      assertThat(one.told).endsWith("durable 1 1");
      assertThat(get(f, "mail").getClientsCount()).isZero();
      assertThat(f.sessions.count()).isZero();
    }
  }

  @Test
  void aPoisonEventReachesTheDeadLetterChannelWithItsError() {
    try (GrpcFixture f = GrpcFixture.ofDefaults();
        TestConsumer one =
            TestConsumer.open(
                f.channel,
                "mail",
                open -> open.setDefinition(ConsumerDefinition.newBuilder().setAttemptsMax(2)));
        TestConsumer dead =
            TestConsumer.open(
                f.channel,
                "undertaker",
                open ->
                    open.setDefinition(
                        ConsumerDefinition.newBuilder()
                            .setFilter(Filter.newBuilder().addChannels("dead-letter.>"))))) {
      await().until(() -> one.told.size() + dead.told.size() == 2);
      f.publish("default", "a");
      await().until(() -> one.told.contains("1"));
      one.reject("no such user", 1L);
      await().until(() -> one.told.contains("1#2"));
      one.reject("no such user", 1L);

      await().until(() -> dead.deliveries.size() == 1);
      assertThat(dead.deliveries.getFirst().getEvent().getDataJson())
          .contains("\"attempts\":2,\"error\":\"no such user\",\"event\":{\"type\":\"a\"");
      assertThat(dead.deliveries.getFirst().getEvent().getChannel()).isEqualTo("dead-letter.mail");
      await().until(() -> get(f, "mail").getParkedEvents() == 1);
      f.publish("default", "a");
      await().until(() -> one.told.contains("3"));
    }
  }

  @Test
  void whatTheClientSaysOutOfTurnEndsTheStreamWithAReason() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      TestConsumer early = TestConsumer.of(f.channel);
      early.credit(1);
      assertThat(awaitFailure(early).getReason()).isEqualTo("invalid_request");

      TestConsumer twice = TestConsumer.open(f.channel, "mail", open -> open);
      twice.send(ConsumeRequest.newBuilder().setOpen(Open.newBuilder().setConsumer("mail")));
      assertThat(awaitFailure(twice).getReason()).isEqualTo("invalid_request");

      TestConsumer unheardOf = TestConsumer.open(f.channel, "mail", open -> open);
      unheardOf.acknowledge(1, 9L);
      assertThat(awaitFailure(unheardOf).getReason()).isEqualTo("invalid_ack");

      TestConsumer greedy =
          TestConsumer.open(
              f.channel, "mail", open -> open.setCredit(Credit.newBuilder().setEventsMax(10_001)));
      ErrorInfo tooMuch = awaitFailure(greedy);
      assertThat(tooMuch.getReason()).isEqualTo("invalid_limit");
      assertThat(tooMuch.getMetadataMap()).containsEntry("limit", "10000");

      TestConsumer hasty =
          TestConsumer.open(
              f.channel, "mail", open -> open.setAckDeadline(Duration.newBuilder().setNanos(1)));
      assertThat(awaitFailure(hasty).getReason()).isEqualTo("invalid_limit");

      TestConsumer nameless = TestConsumer.open(f.channel, "", open -> open);
      assertThat(awaitFailure(nameless).getReason()).isEqualTo("invalid_name");

      TestConsumer other = TestConsumer.open(f.channel, "mail", ConsumeTest::exclusive);
      assertThat(awaitFailure(other).getReason()).isEqualTo("consumer_mismatch");

      TestConsumer unknown = TestConsumer.open(f.channel, "x", Open.Builder::clearDefinition);
      assertThat(awaitFailure(unknown).getReason()).isEqualTo("consumer_not_found");
      await().until(() -> f.sessions.count() == 0);
    }
  }

  @Test
  void consumersAreListedResetAndDeleted() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      f.publish("default", "a");
      for (String name : List.of("b", "a", "c")) {
        TestConsumer made = TestConsumer.open(f.channel, name, open -> open);
        await().until(() -> made.told.contains("made active 1"));
        made.finish();
      }
      ListConsumersResponse page =
          calls(f).listConsumers(ListConsumersRequest.newBuilder().setPageSize(2).build());
      assertThat(page.getConsumersList()).extracting(Consumer::getName).containsExactly("a", "b");
      ListConsumersResponse rest =
          calls(f)
              .listConsumers(ListConsumersRequest.newBuilder().setAfter(page.getNext()).build());
      assertThat(rest.getConsumersList()).extracting(Consumer::getName).containsExactly("c");
      assertThat(rest.getNext()).isEmpty();

      TestConsumer before = TestConsumer.open(f.channel, "a", open -> open);
      await().until(() -> before.told.contains("opened active 1"));
      Consumer moved =
          calls(f)
              .resetConsumer(
                  ResetConsumerRequest.newBuilder()
                      .setConsumer("a")
                      .setTo(Start.newBuilder().setEarliest(Earliest.getDefaultInstance()))
                      .build())
              .getConsumer();
      assertThat(moved.getPosition()).isEqualTo(f.position(0));
      assertThat(moved.getLagEvents()).isEqualTo(1);
      assertThat(awaitFailure(before).getReason()).isEqualTo("consumer_reset");

      TestConsumer again = TestConsumer.open(f.channel, "a", Open.Builder::clearDefinition);
      awaitTold(again, "opened active 0", "1");
      var _ = calls(f).deleteConsumer(DeleteConsumerRequest.newBuilder().setConsumer("a").build());
      assertThat(awaitFailure(again).getReason()).isEqualTo("consumer_not_found");
      Throwable gone = catchThrowable(() -> get(f, "a"));
      assertThat(Status.fromThrowable(gone).getCode()).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(GrpcFixture.errorInfo(gone).getReason()).isEqualTo("consumer_not_found");
    }
  }

  @Test
  void aHubThatGoesAwaySaysSoTakesWhatIsStillAcknowledgedAndEndsTheStream() {
    try (GrpcFixture f = GrpcFixture.ofDefaults();
        TestConsumer one = TestConsumer.open(f.channel, "mail", open -> open)) {
      awaitTold(one, "made active 0");
      f.publish("default", "a");
      await().until(() -> one.told.contains("1"));
      f.face.goAway(new ReturnTimes(java.time.Duration.ZERO, java.time.Duration.ZERO));
      await().until(() -> one.told.contains("going away 0"));
      assertThat(one.isCompleted).isFalse();
      one.acknowledge(1, 1L);
      await().until(() -> one.isCompleted);
      assertThat(one.told).endsWith("going away 0", "durable 1 1");
      TestConsumer late = TestConsumer.open(f.channel, "mail", open -> open);
      assertThat(awaitFailure(late).getReason()).isEqualTo("going_away");
    }
  }

  @Test
  void aSilentStreamIsToldHowFarTheConsumerHasCome() {
    try (GrpcFixture f = new GrpcFixture(java.time.Duration.ofMillis(200), 10, 0);
        TestConsumer one = TestConsumer.open(f.channel, "mail", open -> open)) {
      await().until(() -> one.told.contains("made active 0"));
      f.publish("other", "a");
      await().until(() -> one.told.contains("position 1"));
      one.acknowledgeThrough(1, f.position(1));
      await().until(() -> one.told.contains("durable 1 1"));
    }
  }
}
