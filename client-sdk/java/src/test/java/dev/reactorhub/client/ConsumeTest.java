package dev.reactorhub.client;

import static dev.reactorhub.client.Clients.clientOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.testing.ConsumerRecord;
import dev.reactorhub.client.testing.FakeHub;
import dev.reactorhub.client.testing.HubCall;
import dev.reactorhub.client.testing.Refusal;
import dev.reactorhub.client.testing.Rejection;
import dev.reactorhub.client.testing.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ConsumeTest {
  private final FakeHub hub = FakeHub.start();
  private final ReactorClient client =
      clientOf(hub).backoff(new Backoff(Duration.ofMillis(10), Duration.ofMillis(50))).build();
  private final List<Long> handled = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    client.close();
    hub.close();
  }

  private static ConsumerSpec.Builder spec() {
    return ConsumerSpec.named("billing")
        .filter(Filter.channels(">"))
        .startAt(StartAt.earliest())
        .rejectDelay(new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)));
  }

  private ConsumerRecord record() {
    await().until(() -> hub.consumer("billing").isPresent());
    return hub.consumer("billing").orElseThrow();
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      hub.publish("orders." + i % 3, "ordered", "{}");
    }
  }

  @Test
  void anEventIsAcknowledgedOnceTheHandlerHasReturned() {
    CountDownLatch release = new CountDownLatch(1);
    publish(1);
    try (Consumer consumer =
        client.consume(
            spec().build(),
            consumed -> {
              release.await();
              handled.add(consumed.event().seq());
            })) {
      consumer.established().join();
      await().until(() -> record().outstanding() == 1);
      assertThat(record().acknowledged()).isEmpty();

      release.countDown();

      await().until(() -> record().acknowledged().equals(List.of(1L)));
      assertThat(handled).containsExactly(1L);
      await().until(() -> consumer.position().equals(java.util.Optional.of("fake1.1")));
    }
  }

  @Test
  void channelsGoOnSideBySideAndKeepTheirOrder() throws InterruptedException {
    Map<String, List<Long>> byChannel = new ConcurrentHashMap<>();
    AtomicInteger atWork = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch threeAtWork = new CountDownLatch(3);
    publish(60);
    try (Consumer consumer =
        client.consume(
            spec().concurrency(3).build(),
            consumed -> {
              most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
              threeAtWork.countDown();
              threeAtWork.await();
              byChannel
                  .computeIfAbsent(
                      consumed.event().channel(), channel -> new CopyOnWriteArrayList<>())
                  .add(consumed.event().seq());
              atWork.decrementAndGet();
            })) {
      await().until(() -> record().acknowledged().size() == 60);
      assertThat(consumer.name()).isEqualTo("billing");
    }

    assertThat(most).hasValue(3);
    assertThat(byChannel).hasSize(3);
    byChannel.values().forEach(seqs -> assertThat(seqs).hasSize(20).isSorted());
  }

  @Test
  void aFailedEventComesAgainBeforeItsFollowers() {
    publish(6);
    try (Consumer consumer =
        client.consume(
            spec().concurrency(3).build(),
            consumed -> {
              handled.add(consumed.event().seq());
              if (consumed.event().seq() == 1 && consumed.attempt() < 3) {
                throw new IllegalStateException("not yet");
              }
            })) {
      await().until(() -> record().acknowledged().size() == 6);
      assertThat(consumer.ended()).isNotDone();
    }

    assertThat(handled.stream().filter(seq -> seq % 3 == 1)).containsExactly(1L, 1L, 1L, 4L);
    assertThat(record().rejections())
        .filteredOn(rejection -> rejection.seq() == 1)
        .hasSize(2)
        .allSatisfy(
            rejection -> {
              assertThat(rejection.error()).isEqualTo("java.lang.IllegalStateException: not yet");
              assertThat(rejection.delay())
                  .isBetween(Duration.ofNanos(500_000), Duration.ofMillis(1));
            });
  }

  @Test
  void aHandlerSaysWhenItWantsTheEventAgain() {
    publish(1);
    client.consume(
        spec().build(),
        consumed -> {
          if (consumed.attempt() == 1) {
            throw new RejectedEventException("the printer is out of paper", Duration.ofMinutes(5));
          }
        });

    await().until(() -> record().acknowledged().size() == 1);
    assertThat(record().rejections())
        .containsExactly(new Rejection(1, Duration.ofMinutes(5), "the printer is out of paper"));
  }

  @Test
  void anEventThatFailsTooOftenGoesToTheDeadLetterChannel() {
    publish(2);
    client.consume(
        spec()
            .filter(Filter.channels("orders.*"))
            .attemptsMax(2)
            .deadLetterChannel("poison")
            .build(),
        consumed -> {
          if (consumed.event().seq() == 1) {
            throw new AssertionError("never");
          }
        });

    await().until(() -> record().parked().equals(List.of(1L)));
    await().until(() -> record().acknowledged().equals(List.of(2L)));
    StoredEvent letter = hub.events().get(2);
    assertThat(letter.channel()).isEqualTo("poison");
    assertThat(letter.type()).isEqualTo("reactor_dead_letter");
    assertThat(letter.dataJson())
        .isEqualTo(
            "{\"consumer\":\"billing\",\"position\":\"fake1.1\",\"attempts\":2,"
                + "\"error\":\"java.lang.AssertionError: never\",\"event\":{"
                + "\"type\":\"ordered\",\"data\":{},\"id\":\"fake-1\",\"seq\":1,"
                + "\"channel\":\"orders.0\",\"source\":\"system\","
                + "\"timestamp\":\"2026-01-01T00:00:01Z\"}}");
  }

  @Test
  void failuresChangeNothingInTheOrderOfAChannel() {
    Map<String, List<Long>> byChannel = new ConcurrentHashMap<>();
    publish(210);
    client.consume(
        spec().concurrency(3).outstandingMax(20).attemptsMax(3).build(),
        consumed -> {
          long seq = consumed.event().seq();
          // Some fail once or twice, some always.
          if (seq % 7 == 0 && consumed.attempt() <= seq % 4) {
            throw new IllegalStateException("meant to fail");
          }
          byChannel
              .computeIfAbsent(consumed.event().channel(), channel -> new CopyOnWriteArrayList<>())
              .add(seq);
        });

    await().until(() -> record().acknowledged().size() + record().parked().size() == 210);
    assertThat(record().parked()).isNotEmpty();
    byChannel.values().forEach(seqs -> assertThat(seqs).isSorted().doesNotHaveDuplicates());
    assertThat(byChannel.values().stream().mapToInt(List::size).sum())
        .isEqualTo(record().acknowledged().size());
  }

  @Test
  void whatWasDealtWithIsNotHandedOverAgainAfterAReconnection() {
    publish(300);
    client.consume(spec().concurrency(3).build(), consumed -> handled.add(consumed.event().seq()));
    await().until(() -> handled.size() > 50);
    hub.dropConnections();
    await().until(() -> handled.size() > 150);
    hub.dropConnections();

    await().until(() -> record().acknowledged().size() == 300);
    assertThat(handled).hasSize(300).doesNotHaveDuplicates();
  }

  @Test
  void anEventThatIsStillWithTheHandlerIsNotGivenToItTwice() {
    CountDownLatch release = new CountDownLatch(1);
    publish(1);
    client.consume(
        spec().build(),
        consumed -> {
          handled.add(consumed.event().seq());
          release.await();
        });
    await().until(() -> handled.size() == 1);

    hub.dropConnections();
    await().until(() -> record().outstanding() == 1);
    release.countDown();

    await().until(() -> record().acknowledged().equals(List.of(1L)));
    assertThat(handled).containsExactly(1L);
  }

  @Test
  void moreTimeIsAskedForWhileTheHandlerIsAtWork() {
    CountDownLatch release = new CountDownLatch(1);
    publish(2);
    client.consume(spec().ackDeadline(Duration.ofMillis(60)).build(), consumed -> release.await());

    await().until(() -> record().extensions() >= 3);
    release.countDown();
    await().until(() -> record().acknowledged().size() == 2);
  }

  @Test
  void noMoreTimeIsAskedForBeyondTheLongestHandlingTime() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    FakeTiming timing = new FakeTiming();
    publish(1);
    try (ReactorClient patient = clientOf(hub).silenceMax(Duration.ofHours(1)).build(timing)) {
      Consumer consumer =
          patient.consume(
              spec().handlingTimeMax(Duration.ofMinutes(2)).build(),
              consumed -> {
                entered.countDown();
                release.await();
              });
      entered.await();
      timing.fireWatches();
      await().until(() -> record().extensions() == 1);

      timing.advance(Duration.ofMinutes(3));
      timing.fireWatches();
      timing.fireWatches();
      release.countDown();

      // The acknowledgement comes behind whatever else was sent.
      await().until(() -> record().acknowledged().size() == 1);
      assertThat(record().extensions()).isEqualTo(1);
      assertThat(consumer.ended()).isNotDone();
    }
  }

  @Test
  void aHubThatGoesAwayIsGivenTheAcknowledgementsAndAskedAgainWhenItSays() {
    CountDownLatch release = new CountDownLatch(1);
    FakeTiming timing = new FakeTiming();
    publish(4);
    try (ReactorClient patient = clientOf(hub).build(timing)) {
      Consumer consumer =
          patient.consume(
              spec().build(),
              consumed -> {
                handled.add(consumed.event().seq());
                release.await();
              });
      consumer.established().join();
      await().until(() -> handled.size() == 1);

      hub.goAway(Duration.ofSeconds(9));
      // The others were given out, and go back unopened.
      hub.heartbeat();
      release.countDown();

      await().until(() -> record().acknowledged().size() == 4);
      assertThat(timing.waits()).containsExactly(Duration.ofSeconds(9));
      assertThat(handled).containsExactly(1L, 2L, 3L, 4L);
      assertThat(record().rejections()).isEmpty();
    }
  }

  @Test
  void closingLeavesWhatWasNotBegunToOthersAndWaitsForWhatWas() {
    CountDownLatch begun = new CountDownLatch(1);
    publish(10);
    Consumer first =
        client.consume(
            spec().build(),
            consumed -> {
              begun.countDown();
              handled.add(consumed.event().seq());
            });
    await().until(() -> begun.getCount() == 0);
    first.close();
    first.close();

    List<Long> byFirst = List.copyOf(handled);
    assertThat(record().acknowledged()).containsExactlyElementsOf(byFirst);
    assertThat(record().outstanding()).isZero();
    assertThat(first.ended()).isCompleted();
    try (Consumer second =
        client.consume(spec().build(), consumed -> handled.add(consumed.event().seq()))) {
      second.established().join();
      await().until(() -> record().acknowledged().size() == 10);
    }
    assertThat(handled).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void aHandlerMayCloseItsConsumer() {
    publish(2);
    CountDownLatch started = new CountDownLatch(1);
    Consumer[] consumer = new Consumer[1];
    consumer[0] =
        client.consume(
            spec().build(),
            consumed -> {
              started.await();
              handled.add(consumed.event().seq());
              consumer[0].close();
            });
    started.countDown();

    consumer[0].ended().join();
    assertThat(handled).containsExactly(1L);
    assertThat(record().acknowledged()).containsExactly(1L);
  }

  @Test
  void oneClientOfAnExclusiveConsumerIsGivenEventsInTheOrderOfTheLog() {
    publish(9);
    List<Long> standby = new CopyOnWriteArrayList<>();
    Consumer active =
        client.consume(
            spec().exclusive().concurrency(4).build(),
            consumed -> handled.add(consumed.event().seq()));
    active.established().join();
    Consumer other =
        client.consume(spec().exclusive().build(), consumed -> standby.add(consumed.event().seq()));
    other.established().join();
    await().until(() -> record().acknowledged().size() == 9);
    assertThat(handled).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(standby).isEmpty();

    active.close();
    publish(1);

    await().until(() -> standby.equals(List.of(10L)));
  }

  @Test
  void aGapIsTold() {
    publish(5);
    List<Gap> gaps = new CopyOnWriteArrayList<>();
    hub.trim(3);
    client.consume(
        spec().startAt(StartAt.after("fake1.1")).build(),
        new ConsumeHandler() {
          @Override
          public void handle(ConsumedEvent consumed) {
            handled.add(consumed.event().seq());
          }

          @Override
          public void onGap(Gap gap) {
            gaps.add(gap);
          }
        });

    await().until(() -> handled.equals(List.of(4L, 5L)));
    assertThat(gaps).containsExactly(new Gap("fake1.1", "fake1.3", "position_expired"));
  }

  @Test
  void aConsumerOfAnotherDefinitionEndsForGood() {
    client.consume(spec().build(), consumed -> {}).established().join();
    Consumer other = client.consume(spec().attemptsMax(9).build(), consumed -> {});

    assertThatThrownBy(() -> other.ended().join())
        .cause()
        .isInstanceOfSatisfying(
            ReactorException.Refused.class,
            e -> assertThat(e.code()).isEqualTo("consumer_mismatch"));
    assertThatThrownBy(() -> other.established().join())
        .cause()
        .isInstanceOf(ReactorException.Refused.class);
    other.close();
  }

  @Test
  void aResetConsumerIsHandedTheSameEventsAgain() {
    publish(3);
    client.consume(spec().build(), consumed -> handled.add(consumed.event().seq()));
    await().until(() -> record().acknowledged().size() == 3);

    ConsumerStatus status = client.consumers().reset("billing", StartAt.after("fake1.1"));

    assertThat(status.position()).isEqualTo("fake1.1");
    await().until(() -> handled.size() == 5);
    assertThat(handled).containsExactly(1L, 2L, 3L, 2L, 3L);
  }

  @Test
  void consumersAreListedAndForgotten() {
    publish(2);
    Consumer consumer = client.consume(spec().build(), consumed -> {});
    await().until(() -> record().acknowledged().size() == 2);

    List<ConsumerStatus> all = client.consumers().list();
    assertThat(all).extracting(ConsumerStatus::name).containsExactly("billing");
    assertThat(client.consumers().get("billing")).isEqualTo(all.get(0));
    assertThat(all.get(0).filter()).isEqualTo(Filter.channels(">"));
    assertThat(all.get(0).lag()).isZero();
    assertThat(all.get(0).clients()).isEqualTo(1);

    client.consumers().delete("billing");

    assertThatThrownBy(() -> consumer.ended().join())
        .cause()
        .isInstanceOfSatisfying(
            ReactorException.Refused.class,
            e -> assertThat(e.code()).isEqualTo("consumer_not_found"));
    assertThatThrownBy(() -> client.consumers().get("billing"))
        .isInstanceOf(ReactorException.Refused.class);
  }

  @Test
  void aRefusalThatPassesIsWaitedOut() {
    publish(1);
    hub.refuseNext(HubCall.CONSUME, Refusal.of("log_unavailable"));
    hub.refuseNext(
        HubCall.CONSUME, Refusal.of("too_many_sessions").retryAfter(Duration.ofMillis(20)));
    client.consume(spec().build(), consumed -> handled.add(consumed.event().seq()));

    await().until(() -> handled.equals(List.of(1L)));
  }

  @Test
  void whatPassesItsDeadlineComesAgain() {
    publish(1);
    CountDownLatch release = new CountDownLatch(1);
    try (Consumer stuck = client.consume(spec().build(), consumed -> release.await())) {
      await().until(() -> record().outstanding() == 1);
      hub.expireDeadlines("billing");
      release.countDown();
      await().until(() -> record().acknowledged().equals(List.of(1L)));
      assertThat(stuck.ended()).isNotDone();
    }
  }

  @Test
  void closingTheClientEndsItAtOnce() {
    Consumer consumer = client.consume(spec().build(), consumed -> {});
    consumer.established().join();

    client.close();

    consumer.ended().join();
    assertThatThrownBy(() -> client.consume(spec().build(), consumed -> {}))
        .isInstanceOf(ReactorException.Closed.class);
  }

  @Test
  void aSpecSaysWhatIsWrongWithIt() {
    assertThatThrownBy(() -> ConsumerSpec.named("a b")).hasMessage("not a valid consumer: \"a b\"");
    assertThatThrownBy(() -> spec().concurrency(0))
        .hasMessage("concurrency is 0: must be at least 1");
    assertThatThrownBy(() -> spec().ackDeadline(Duration.ZERO))
        .hasMessage("ackDeadline is PT0S: must be more than zero");
    assertThatThrownBy(
            () -> spec().startAt(StartAt.stored(PositionStore.inMemory(), StartAt.latest())))
        .hasMessage("start is a store: the hub keeps a consumer's position");
    assertThat(hub.events()).extracting(StoredEvent::seq).isEmpty();
  }
}
