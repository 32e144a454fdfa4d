package dev.reactorhub.client;

import static dev.reactorhub.client.Clients.clientOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.testing.FakeHub;
import dev.reactorhub.client.testing.HubCall;
import dev.reactorhub.client.testing.Refusal;
import dev.reactorhub.client.testing.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PublishStreamTest {
  private final FakeHub hub = FakeHub.start();
  private final ReactorClient client = quick().build();

  private ReactorClientBuilder quick() {
    return clientOf(hub).backoff(new Backoff(Duration.ofMillis(10), Duration.ofMillis(50)));
  }

  @AfterEach
  void close() {
    client.close();
    hub.close();
  }

  private static NewEvent event(int number) {
    return NewEvent.builder("counted").id("n-" + number).dataJson("" + number).build();
  }

  @Test
  void eventsAreStoredInTheOrderInWhichTheyWereSent() {
    List<CompletableFuture<PublishResult>> results = new ArrayList<>();
    try (PublishStream stream = client.publishStream()) {
      for (int i = 1; i <= 500; i++) {
        results.add(stream.send(event(i)));
      }
    }

    assertThat(results.get(499).join())
        .isEqualTo(new PublishResult("n-500", 500, "fake1.500", false));
    assertThat(hub.events()).extracting(StoredEvent::seq).hasSize(500).isSorted();
    assertThat(hub.events())
        .extracting(StoredEvent::dataJson)
        .containsExactlyElementsOf(
            java.util.stream.IntStream.rangeClosed(1, 500).mapToObj(String::valueOf).toList());
  }

  @Test
  void whatABrokenConnectionLeftOpenIsSentAgainAndStoredOnce() {
    try (PublishStream stream = client.publishStream()) {
      for (int i = 1; i <= 300; i++) {
        var unused = stream.send(event(i));
        if (i % 100 == 0) {
          hub.dropConnections();
        }
      }
    }

    assertThat(hub.events())
        .extracting(StoredEvent::id)
        .containsExactlyElementsOf(
            java.util.stream.IntStream.rangeClosed(1, 300).mapToObj(i -> "n-" + i).toList());
  }

  @Test
  void aRefusedEventFailsAloneAndFlushTellsOnce() {
    hub.refuseNext(HubCall.PUBLISH_STREAM, Refusal.of("invalid_event"));
    PublishStream stream = client.publishStream();
    CompletableFuture<PublishResult> refused = stream.send(event(1));
    CompletableFuture<PublishResult> next = stream.send(event(2));

    assertThatThrownBy(stream::flush)
        .isInstanceOfSatisfying(
            ReactorException.Refused.class, e -> assertThat(e.code()).isEqualTo("invalid_event"));
    assertThat(refused).isCompletedExceptionally();
    assertThat(next.join().id()).isEqualTo("n-2");
    stream.flush();
    stream.close();
  }

  @Test
  void theHubsAdviceWhenToTryAgainIsObeyed() {
    FakeTiming timing = new FakeTiming();
    try (ReactorClient patient = quick().build(timing)) {
      hub.refuseNext(
          HubCall.PUBLISH_STREAM, Refusal.of("rate_limited").retryAfter(Duration.ofSeconds(7)));
      PublishStream stream = patient.publishStream();

      assertThat(stream.send(event(1)).join().seq()).isEqualTo(1);
      assertThat(timing.waits()).containsExactly(Duration.ofSeconds(7));
    }
  }

  @Test
  void whoSendsMoreThanMayBeOnItsWayWaits() throws InterruptedException {
    hub.delayNext(HubCall.PUBLISH_STREAM, Duration.ofMillis(300));
    try (ReactorClient small = quick().publishEventsMax(2).build();
        PublishStream stream = small.publishStream()) {
      CompletableFuture<PublishResult> first = stream.send(event(1));
      var unused = stream.send(event(2));
      assertThat(first).isNotDone();

      // Returns only once there is room.
      CompletableFuture<PublishResult> third = stream.send(event(3));

      assertThat(hub.published()).isNotEmpty();
      assertThat(first.join().seq()).isEqualTo(1);
      assertThat(third.join().seq()).isEqualTo(3);
    }
  }

  @Test
  void anEventThatIsNotAcknowledgedInTimeFails() {
    hub.stop();
    try (ReactorClient impatient = quick().publishTimeout(Duration.ofSeconds(1)).build()) {
      PublishStream stream = impatient.publishStream();
      CompletableFuture<PublishResult> result = stream.send(event(1));

      assertThatThrownBy(result::join)
          .cause()
          .isInstanceOfSatisfying(
              ReactorException.Unavailable.class,
              e -> assertThat(e.code()).isEqualTo("deadline_exceeded"));
      hub.resume();
      assertThat(stream.send(event(2)).join().id()).isEqualTo("n-2");
      assertThat(hub.events()).extracting(StoredEvent::id).containsExactly("n-2");
    }
  }

  @Test
  void aCallThatAcknowledgesNothingIsGivenUp() {
    hub.delayNext(HubCall.PUBLISH_STREAM, Duration.ofDays(1));
    try (ReactorClient impatient = quick().callTimeout(Duration.ofMillis(100)).build();
        PublishStream stream = impatient.publishStream()) {
      assertThat(stream.send(event(1)).join().seq()).isEqualTo(1);
    }
  }

  @Test
  void closingTheClientFailsWhatIsNotAcknowledged() {
    hub.stop();
    PublishStream stream = client.publishStream();
    CompletableFuture<PublishResult> open = stream.send(event(1));

    client.close();

    assertThatThrownBy(open::join).cause().isInstanceOf(ReactorException.Closed.class);
    assertThatThrownBy(() -> stream.send(event(2)).join())
        .cause()
        .isInstanceOf(ReactorException.Closed.class);
    assertThatThrownBy(client::publishStream).isInstanceOf(ReactorException.Closed.class);
  }

  @Test
  void aWaitForRoomEndsWithAnInterrupt() {
    hub.stop();
    try (ReactorClient small = quick().publishEventsMax(1).build()) {
      PublishStream stream = small.publishStream();
      var unused = stream.send(event(1));
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> stream.send(event(2)))
          .isInstanceOf(ReactorException.Interrupted.class);

      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void severalThreadsMayShareOneStream() {
    try (PublishStream stream = client.publishStream()) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        String source = "thread-" + t;
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    var unused =
                        stream.send(NewEvent.builder("a").source(source).dataJson("" + i).build());
                  }
                });
        threads.add(thread);
        thread.start();
      }
      await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    }

    for (int t = 0; t < 4; t++) {
      String source = "thread-" + t;
      assertThat(hub.events().stream().filter(event -> event.source().equals(source)))
          .extracting(event -> Integer.parseInt(event.dataJson()))
          .hasSize(100)
          .isSorted();
    }
  }
}
