package dev.reactorhub.client;

import static dev.reactorhub.client.Clients.clientOf;
import static dev.reactorhub.client.testing.internal.ManualHub.batch;
import static dev.reactorhub.client.testing.internal.ManualHub.caughtUp;
import static dev.reactorhub.client.testing.internal.ManualHub.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.testing.internal.ManualHub;
import dev.reactorhub.client.testing.internal.ManualHub.Call;
import dev.reactorhub.v1.GoingAway;
import dev.reactorhub.v1.Heartbeat;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class EventStreamTest {
  private final ManualHub hub = new ManualHub();
  private final FakeTiming timing = new FakeTiming();
  private final ReactorClient client =
      clientOf(hub)
          .backoff(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(4)))
          .build(timing);

  @AfterEach
  void close() {
    client.close();
    hub.close();
  }

  /** Opens a subscription and leaves its first call to the test. */
  private EventStream open(StartAt start) {
    return client.subscribe(Filter.defaultChannel(), start);
  }

  /** Lets a stream make its call while the test plays the hub. */
  private Call<SubscribeRequest, SubscribeResponse> callOf(
      EventStream stream, SubscribeResponse first) {
    CompletableFuture<Boolean> hasNext = CompletableFuture.supplyAsync(stream::hasNext);
    Call<SubscribeRequest, SubscribeResponse> call = hub.nextSubscribe();
    call.send(first);
    assertThat(hasNext.join()).isTrue();
    return call;
  }

  private void assertResumesBehind(EventStream stream, String position) {
    assertThat(callOf(stream, caughtUp(position)).request().getStart().getAfter())
        .isEqualTo(position);
  }

  @Test
  void theFilterAndTheStartAreSentAsGiven() {
    EventStream stream =
        client.subscribe(
            Filter.channels("news.*", "alerts").ofTypes("digest_created"),
            StartAt.since(Instant.ofEpochSecond(7, 9)));

    SubscribeRequest request = callOf(stream, caughtUp("e1.5")).request();

    assertThat(request.getFilter().getChannelsList()).containsExactly("news.*", "alerts");
    assertThat(request.getFilter().getTypesList()).containsExactly("digest_created");
    assertThat(request.getStart().getSince().getSeconds()).isEqualTo(7);
    assertThat(request.getStart().getSince().getNanos()).isEqualTo(9);
  }

  @Test
  void eventsComeInOrderWithEverythingTheHubSays() {
    EventStream stream = open(StartAt.earliest());
    callOf(stream, batch(event(1, "a").toBuilder().setTraceparent("00-x").build(), event(2, "b")));

    assertThat(stream.next()).isEqualTo(new Connected(StartAt.earliest()));
    assertThat(stream.next())
        .isEqualTo(
            new Event(
                "id-1",
                "a",
                "default",
                "system",
                Instant.parse("2026-01-01T00:00:00Z"),
                "{\"n\":1}",
                Optional.of("00-x"),
                1,
                "e1.1"));
    assertThat(stream.position()).contains("e1.1");
    assertThat(((Event) stream.next()).traceparent()).isEmpty();
    assertThat(stream.position()).contains("e1.2");
  }

  @Test
  void afterAnInterruptionItResumesBehindTheNewestEvent() {
    EventStream stream = open(StartAt.latest());
    Call<SubscribeRequest, SubscribeResponse> first =
        callOf(stream, batch(event(7, "a"), event(8, "a")));
    assertThat(first.request().getStart().hasLatest()).isTrue();
    first.fail(Status.UNAVAILABLE.withDescription("killed").asRuntimeException());
    stream.next();
    stream.next();
    stream.next();

    assertThat(stream.next())
        .isEqualTo(new Disconnected("unavailable", "unavailable: killed", Duration.ofSeconds(1)));
    Call<SubscribeRequest, SubscribeResponse> second = callOf(stream, batch(event(9, "a")));

    assertThat(second.request().getStart().getAfter()).isEqualTo("e1.8");
    assertThat(stream.next()).isEqualTo(new Connected(StartAt.after("e1.8")));
    assertThat(((Event) stream.next()).seq()).isEqualTo(9);
  }

  @Test
  void aHeartbeatMovesTheResumePosition() {
    EventStream stream = open(StartAt.after("e1.3"));
    assertThat(stream.position()).contains("e1.3");
    Call<SubscribeRequest, SubscribeResponse> first =
        callOf(
            stream,
            SubscribeResponse.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setPosition("e1.90"))
                .build());
    assertThat(stream.next()).isInstanceOf(Connected.class);
    assertThat(stream.position()).contains("e1.90");
    first.answers().onCompleted();

    assertThat(((Disconnected) stream.next()).code()).isEqualTo("stream_ended");
    assertResumesBehind(stream, "e1.90");
  }

  @Test
  void aHoleThatARuleMadeIsToldAndWhatIsLeftOfItIsResumed() {
    EventStream stream = open(StartAt.after("e0.3"));
    SubscribeResponse gap =
        SubscribeResponse.newBuilder()
            .setGap(
                dev.reactorhub.v1.Gap.newBuilder()
                    .setFrom("e0.3")
                    .setTo("e0.5")
                    .setReason("channel_retention")
                    .setThrough("e0.9"))
            .build();
    Call<SubscribeRequest, SubscribeResponse> first = callOf(stream, gap);
    stream.next();

    assertThat(stream.next()).isEqualTo(new Gap("e0.3", "e0.5", "channel_retention", "e0.9"));

    first.fail(Status.INTERNAL.asRuntimeException());
    assertThat(stream.next()).isInstanceOf(Disconnected.class);
    assertResumesBehind(stream, "e0.5");
  }

  @Test
  void aGapIsToldAndResumedBehind() {
    EventStream stream = open(StartAt.after("e0.3"));
    SubscribeResponse gap =
        SubscribeResponse.newBuilder()
            .setGap(
                dev.reactorhub.v1.Gap.newBuilder()
                    .setFrom("e0.3")
                    .setTo("e1.50")
                    .setReason("epoch_unknown"))
            .build();
    Call<SubscribeRequest, SubscribeResponse> first = callOf(stream, gap);
    stream.next();

    assertThat(stream.next()).isEqualTo(new Gap("e0.3", "e1.50", "epoch_unknown"));

    first.fail(Status.INTERNAL.asRuntimeException());
    assertThat(stream.next()).isInstanceOf(Disconnected.class);
    assertResumesBehind(stream, "e1.50");
  }

  @Test
  void laggingAndCaughtUpAreTold() {
    EventStream stream = open(StartAt.after("e1.1"));
    Call<SubscribeRequest, SubscribeResponse> call =
        callOf(
            stream,
            SubscribeResponse.newBuilder()
                .setLagging(
                    dev.reactorhub.v1.Lagging.newBuilder().setPosition("e1.4").setHead("e1.400"))
                .build());
    call.send(caughtUp("e1.400"));
    stream.next();

    assertThat(stream.next()).isEqualTo(new Lagging("e1.4", "e1.400"));
    assertThat(stream.next()).isEqualTo(new CaughtUp("e1.400"));
  }

  @Test
  void aHubThatGoesAwaySaysWhenAndWhereToComeBack() {
    EventStream stream = open(StartAt.latest());
    SubscribeResponse goingAway =
        SubscribeResponse.newBuilder()
            .setGoingAway(
                GoingAway.newBuilder()
                    .setPosition("e1.20")
                    .setReconnectAfter(
                        com.google.protobuf.Duration.newBuilder()
                            .setSeconds(3)
                            .setNanos(500_000_000)))
            .build();
    Call<SubscribeRequest, SubscribeResponse> call = callOf(stream, caughtUp("e1.19"));
    call.send(goingAway);
    stream.next();
    stream.next();

    assertThat(stream.next())
        .isEqualTo(
            new Disconnected("going_away", "the hub is going away", Duration.ofMillis(3_500)));
    assertThat(timing.waits()).isEmpty();
    assertResumesBehind(stream, "e1.20");
    assertThat(timing.waits()).containsExactly(Duration.ofMillis(3_500));
  }

  @Test
  void aHubThatOnlySaysGoodbyeIsNotAskedAgainAtOnce() {
    EventStream stream = open(StartAt.latest());
    SubscribeResponse goodbye =
        SubscribeResponse.newBuilder()
            .setGoingAway(GoingAway.newBuilder().setPosition("e1.1"))
            .build();
    callOf(stream, caughtUp("e1.1")).send(goodbye);
    stream.next();
    stream.next();
    assertThat(((Disconnected) stream.next()).reconnectAfter()).isZero();

    callOf(stream, goodbye);
    stream.next();
    assertThat(((Disconnected) stream.next()).reconnectAfter()).isEqualTo(Duration.ofSeconds(1));
    callOf(stream, goodbye);
    stream.next();
    assertThat(((Disconnected) stream.next()).reconnectAfter()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void theWaitGrowsUntilTheHubAnswersAgain() {
    EventStream stream = open(StartAt.latest());
    for (int seconds : new int[] {1, 2, 4, 4}) {
      CompletableFuture<Delivery> next = CompletableFuture.supplyAsync(stream::next);
      hub.nextSubscribe().fail(Status.UNAVAILABLE.asRuntimeException());
      assertThat(((Disconnected) next.join()).reconnectAfter())
          .isEqualTo(Duration.ofSeconds(seconds));
    }
    Call<SubscribeRequest, SubscribeResponse> call = callOf(stream, caughtUp("e1.1"));
    call.fail(Status.UNAVAILABLE.asRuntimeException());
    stream.next();
    stream.next();

    assertThat(((Disconnected) stream.next()).reconnectAfter()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aLongerWaitThatTheHubAsksForIsKept() {
    EventStream stream = open(StartAt.latest());
    CompletableFuture<Delivery> next = CompletableFuture.supplyAsync(stream::next);
    hub.nextSubscribe()
        .fail(
            HubErrors.error(
                Status.Code.RESOURCE_EXHAUSTED, "too_many_sessions", Duration.ofSeconds(60)));

    Disconnected disconnected = (Disconnected) next.join();

    assertThat(disconnected.code()).isEqualTo("too_many_sessions");
    assertThat(disconnected.reconnectAfter()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void aPermanentErrorEndsItWithTheHubsCode() {
    EventStream stream = open(StartAt.after("e1.999"));
    CompletableFuture<Boolean> hasNext = CompletableFuture.supplyAsync(stream::hasNext);
    hub.nextSubscribe().fail(HubErrors.error(Status.Code.OUT_OF_RANGE, "position_in_future"));

    assertThatThrownBy(hasNext::join)
        .cause()
        .isInstanceOfSatisfying(
            ReactorException.Refused.class,
            e -> assertThat(e.code()).isEqualTo("position_in_future"));
    assertThatThrownBy(stream::hasNext).isInstanceOf(ReactorException.Refused.class);
    assertThat(hub.hasSubscribe()).isFalse();
  }

  @Test
  void aFrameThatBreaksTheApiEndsIt() {
    EventStream stream = open(StartAt.latest());
    Call<SubscribeRequest, SubscribeResponse> call =
        callOf(stream, batch(event(1, "a"), event(2, "a").toBuilder().setPosition("").build()));
    stream.next();
    stream.next();

    assertThatThrownBy(stream::next)
        .isInstanceOfSatisfying(
            ReactorException.HubFailure.class,
            e -> assertThat(e.code()).isEqualTo("malformed_answer"));
    await().until(call::isCancelled);
  }

  @Test
  void aFrameOfALaterHubIsPassedOver() {
    EventStream stream = open(StartAt.latest());
    callOf(stream, SubscribeResponse.getDefaultInstance()).send(caughtUp("e1.1"));

    assertThat(stream.next()).isInstanceOf(Connected.class);
    assertThat(stream.next()).isEqualTo(new CaughtUp("e1.1"));
  }

  @Test
  void aConnectionWithoutAnySignOfLifeIsGivenUp() {
    try (ReactorClient impatient =
            clientOf(hub).silenceMax(Duration.ofMillis(1)).build(new FakeTiming());
        EventStream stream = impatient.subscribe(Filter.defaultChannel(), StartAt.latest())) {
      assertThat(((Disconnected) stream.next()).code()).isEqualTo("silent");
    }
  }

  @Test
  void closingEndsTheIterationOfAnotherThread() {
    EventStream stream = open(StartAt.latest());
    Call<SubscribeRequest, SubscribeResponse> call = callOf(stream, caughtUp("e1.1"));
    stream.next();
    stream.next();
    CompletableFuture<Boolean> hasNext = CompletableFuture.supplyAsync(stream::hasNext);

    stream.close();
    stream.close();

    assertThat(hasNext.join()).isFalse();
    assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
    await().until(call::isCancelled);
  }

  @Test
  void closingTheClientEndsIteration() {
    EventStream stream = open(StartAt.latest());
    callOf(stream, caughtUp("e1.1"));
    client.close();

    assertThat(stream.hasNext()).isFalse();
    assertThatThrownBy(() -> open(StartAt.latest())).isInstanceOf(ReactorException.Closed.class);
  }

  @Test
  void closingEndsTheWaitBeforeTheNextAttempt() {
    try (ReactorClient patient =
        clientOf(hub).backoff(new Backoff(Duration.ofHours(1), Duration.ofHours(1))).build()) {
      EventStream stream = patient.subscribe(Filter.defaultChannel(), StartAt.latest());
      CompletableFuture<Delivery> next = CompletableFuture.supplyAsync(stream::next);
      hub.nextSubscribe().fail(Status.UNAVAILABLE.asRuntimeException());
      assertThat(next.join()).isInstanceOf(Disconnected.class);
      CompletableFuture<Boolean> hasNext = CompletableFuture.supplyAsync(stream::hasNext);

      stream.close();

      assertThat(hasNext.join()).isFalse();
    }
  }

  @Test
  void anInterruptedWaitLeavesTheStreamUsable() {
    EventStream stream = open(StartAt.latest());
    Call<SubscribeRequest, SubscribeResponse> call = callOf(stream, caughtUp("e1.1"));
    stream.next();
    stream.next();
    Thread.currentThread().interrupt();

    assertThatThrownBy(stream::hasNext).isInstanceOf(ReactorException.Interrupted.class);

    assertThat(Thread.interrupted()).isTrue();
    call.send(batch(event(2, "a")));
    assertThat(((Event) stream.next()).seq()).isEqualTo(2);
  }

  @Test
  void aHubThatRestartsOnItsPortIsFoundAgain() {
    EventStream stream = open(StartAt.latest());
    callOf(stream, caughtUp("e1.6"));
    stream.next();
    stream.next();
    hub.close();
    assertThat(stream.next()).isInstanceOf(Disconnected.class);
    try (ManualHub restarted = new ManualHub(hub.port())) {
      CompletableFuture<Connected> connected =
          CompletableFuture.supplyAsync(
              () -> {
                Delivery delivery = stream.next();
                while (!(delivery instanceof Connected)) {
                  delivery = stream.next();
                }
                return (Connected) delivery;
              });
      restarted.nextSubscribe().send(caughtUp("e1.6"));

      assertThat(connected.join().start()).isEqualTo(StartAt.after("e1.6"));
    }
  }

  @Test
  void aReaderThatStopsReadingStopsTheHub() {
    EventStream stream = open(StartAt.latest());
    dev.reactorhub.v1.Event large =
        event(1, "a").toBuilder().setDataJson("\"" + "x".repeat(100_000) + "\"").build();
    Call<SubscribeRequest, SubscribeResponse> call = callOf(stream, batch(large));
    int sent = 0;
    while (sent < 1_000 && becomesReady(call)) {
      call.send(batch(large));
      sent++;
    }

    // What the transport's windows hold, and not the 100 MB that an unbounded client would swallow.
    assertThat(sent).isLessThan(100);

    for (int i = 0; i < 2 + sent; i++) {
      stream.next();
    }
    await().until(call.answers()::isReady);
  }

  private static boolean becomesReady(Call<SubscribeRequest, SubscribeResponse> call) {
    try {
      await()
          .pollDelay(Duration.ZERO)
          .atMost(Duration.ofMillis(500))
          .until(call.answers()::isReady);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }
}
