package dev.reactorhub.client;

import static dev.reactorhub.client.Clients.clientOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.testing.internal.ManualHub;
import dev.reactorhub.client.testing.internal.ManualHub.Call;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishResponse;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PublishTest {
  private final ManualHub hub = new ManualHub();
  private final FakeTiming timing = new FakeTiming();
  private final ReactorClient client =
      clientOf(hub)
          .backoff(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(4)))
          .publishTimeout(Duration.ofSeconds(8))
          .build(timing);

  @AfterEach
  void close() {
    client.close();
    hub.close();
  }

  private static PublishResponse stored(Call<PublishRequest, PublishResponse> call, long seq) {
    return PublishResponse.newBuilder()
        .setId(call.request().getEvent().getId())
        .setSeq(seq)
        .setPosition("e1." + seq)
        .build();
  }

  @Test
  void anEventIsSentWholeAndItsPlaceReturned() {
    CompletableFuture<PublishResult> result =
        CompletableFuture.supplyAsync(
            () ->
                client.publish(
                    NewEvent.builder("news_processed")
                        .dataJson("[1]")
                        .channel("news.eu")
                        .source("reader")
                        .id("n-1")
                        .timestamp(Instant.ofEpochSecond(5, 6))
                        .traceparent("00-x")
                        .build()));
    Call<PublishRequest, PublishResponse> call = hub.nextPublish();
    call.answer(stored(call, 4).toBuilder().setDuplicate(true).build());

    assertThat(result.join()).isEqualTo(new PublishResult("n-1", 4, "e1.4", true));
    assertThat(call.request().getEvent())
        .isEqualTo(
            dev.reactorhub.v1.NewEvent.newBuilder()
                .setId("n-1")
                .setType("news_processed")
                .setChannel("news.eu")
                .setSource("reader")
                .setTimestamp(com.google.protobuf.Timestamp.newBuilder().setSeconds(5).setNanos(6))
                .setDataJson("[1]")
                .setTraceparent("00-x")
                .build());
  }

  @Test
  void emitPublishesToTheDefaultChannelWithAnIdOfItsOwn() {
    CompletableFuture<PublishResult> result =
        CompletableFuture.supplyAsync(() -> client.emit("user_action", "{}"));
    Call<PublishRequest, PublishResponse> call = hub.nextPublish();
    call.answer(stored(call, 1));

    assertThat(call.request().getEvent().getChannel()).isEqualTo("default");
    assertThat(call.request().getEvent().getSource()).isEqualTo("system");
    UUID id = UUID.fromString(result.join().id());
    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
  }

  @Test
  void aRetryCarriesTheSameId() {
    CompletableFuture<PublishResult> result = client.publishAsync(NewEvent.of("a", "{}"));
    Call<PublishRequest, PublishResponse> first = hub.nextPublish();
    first.fail(Status.UNAVAILABLE.asRuntimeException());
    Call<PublishRequest, PublishResponse> second = hub.nextPublish();
    second.answer(stored(second, 1));

    assertThat(result.join().seq()).isEqualTo(1);
    assertThat(second.request()).isEqualTo(first.request());
    assertThat(first.request().getEvent().getId()).isNotEmpty();
    assertThat(timing.waits()).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void retriesEndWithThePublishTimeout() {
    CompletableFuture<PublishResult> result = client.publishAsync(NewEvent.of("a", "{}"));
    for (int attempt = 0; attempt < 4; attempt++) {
      hub.nextPublish().fail(Status.UNAVAILABLE.asRuntimeException());
    }

    assertThatThrownBy(result::join).cause().isInstanceOf(ReactorException.Unavailable.class);
    assertThat(timing.waits())
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void whatTheHubRefusesIsNotTriedAgain() {
    CompletableFuture<PublishResult> result =
        CompletableFuture.supplyAsync(() -> client.emit("a", "{"));
    hub.nextPublish().fail(HubErrors.error(Status.Code.INVALID_ARGUMENT, "malformed_json"));

    assertThatThrownBy(result::join)
        .cause()
        .isInstanceOfSatisfying(
            ReactorException.Refused.class,
            e -> {
              assertThat(e.code()).isEqualTo("malformed_json");
              assertThat(e).hasMessage("malformed_json: said the hub");
            });
    assertThat(timing.waits()).isEmpty();
  }

  @Test
  void aLimitIsTriedAgainWhenTheHubSaysWhen() {
    CompletableFuture<PublishResult> result = client.publishAsync(NewEvent.of("a", "{}"));
    hub.nextPublish()
        .fail(
            HubErrors.error(Status.Code.RESOURCE_EXHAUSTED, "rate_limited", Duration.ofSeconds(5)));
    hub.nextPublish().fail(HubErrors.error(Status.Code.RESOURCE_EXHAUSTED, "rate_limited"));

    assertThatThrownBy(result::join).cause().isInstanceOf(ReactorException.Limited.class);
    assertThat(timing.waits()).containsExactly(Duration.ofSeconds(5));
  }

  @Test
  void anAnswerThatBreaksTheApiIsAFaultOfTheHub() {
    CompletableFuture<PublishResult> result = client.publishAsync(NewEvent.of("a", "{}"));
    hub.nextPublish().answer(PublishResponse.getDefaultInstance());

    assertThatThrownBy(result::join).cause().isInstanceOf(ReactorException.HubFailure.class);
  }

  @Test
  void whoPublishesMoreThanMayBeOnItsWayWaits() throws InterruptedException {
    try (ReactorClient small = clientOf(hub).publishBytesMax(1).build(timing)) {
      CompletableFuture<PublishResult> first = small.publishAsync(NewEvent.of("a", "{}"));
      Call<PublishRequest, PublishResponse> call = hub.nextPublish();
      Thread publisher = new Thread(() -> small.emit("b", "{}"));
      publisher.start();
      await().until(() -> publisher.getState() == Thread.State.TIMED_WAITING);
      assertThat(hub.hasPublish()).isFalse();

      call.answer(stored(call, 1));

      assertThat(first.join().seq()).isEqualTo(1);
      Call<PublishRequest, PublishResponse> second = hub.nextPublish();
      assertThat(second.request().getEvent().getType()).isEqualTo("b");
      second.answer(stored(second, 2));
      publisher.join();
    }
  }

  @Test
  void whoFindsNoRoomInTimeIsToldSo() {
    // The first stays on its way: its retry never comes.
    timing.holdTasks();
    try (ReactorClient small =
        clientOf(hub)
            .publishBytesMax(1)
            .publishTimeout(Duration.ofMillis(50))
            .backoff(new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)))
            .build(timing)) {
      CompletableFuture<PublishResult> first = small.publishAsync(NewEvent.of("a", "{}"));

      assertThatThrownBy(() -> small.emit("b", "{}"))
          .isInstanceOfSatisfying(
              ReactorException.Limited.class,
              e -> assertThat(e.code()).isEqualTo("publish_bytes_max"));
      assertThat(first).isNotDone();
    }
  }

  @Test
  void cancellingTheResultCancelsTheCall() {
    CompletableFuture<PublishResult> result = client.publishAsync(NewEvent.of("a", "{}"));
    Call<PublishRequest, PublishResponse> call = hub.nextPublish();

    result.cancel(false);

    await().until(call::isCancelled);
  }

  @Test
  void anInterruptedPublishKeepsTheInterrupt() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> client.emit("a", "{}"))
        .isInstanceOf(ReactorException.Interrupted.class);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void closingFailsWhatIsNotAcknowledged() {
    CompletableFuture<PublishResult> before = client.publishAsync(NewEvent.of("a", "{}"));
    hub.nextPublish();
    client.close();
    client.close();

    assertThatThrownBy(before::join).cause().isInstanceOf(ReactorException.Closed.class);
    assertThatThrownBy(() -> client.emit("a", "{}")).isInstanceOf(ReactorException.Closed.class);
    assertThatThrownBy(client::status).isInstanceOf(ReactorException.Closed.class);
  }
}
