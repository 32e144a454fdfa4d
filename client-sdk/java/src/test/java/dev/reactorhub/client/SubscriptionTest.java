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
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SubscriptionTest {
  private final ManualHub hub = new ManualHub();
  private final ReactorClient client = clientOf(hub).build(new FakeTiming());
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    client.close();
    hub.close();
  }

  /** Writes down all it hears; fails on events of type "bad". */
  private final class Recorder implements SubscriptionListener {
    @Override
    public void onEvent(Event event) throws Exception {
      heard.add("event " + event.seq());
      if (event.type().equals("bad")) {
        throw new Exception("meant to fail");
      }
    }

    @Override
    public void onGap(Gap gap) {
      heard.add("gap " + gap.to());
    }

    @Override
    public void onCaughtUp(CaughtUp caughtUp) {
      heard.add("caught up " + caughtUp.position());
    }

    @Override
    public void onLagging(Lagging lagging) {
      heard.add("lagging " + lagging.position());
    }

    @Override
    public void onConnected(Connected connected) {
      heard.add("connected");
    }

    @Override
    public void onDisconnected(Disconnected disconnected) {
      heard.add("disconnected " + disconnected.code());
    }

    @Override
    public void onFailed(ReactorException failure) {
      heard.add("failed " + failure.code());
    }
  }

  @Test
  void theListenerHearsEverythingInOrder() {
    Subscription subscription =
        client.subscribe(Filter.defaultChannel(), StartAt.after("e1.1"), new Recorder());
    Call<SubscribeRequest, SubscribeResponse> first = hub.nextSubscribe();
    first.send(
        SubscribeResponse.newBuilder()
            .setGap(dev.reactorhub.v1.Gap.newBuilder().setFrom("e1.1").setTo("e1.4"))
            .build());
    subscription.established().join();
    first.send(
        SubscribeResponse.newBuilder()
            .setLagging(dev.reactorhub.v1.Lagging.newBuilder().setPosition("e1.4").setHead("e1.6"))
            .build());
    first.send(batch(event(5, "bad"), event(6, "a")));
    first.send(caughtUp("e1.6"));
    first.fail(Status.UNAVAILABLE.asRuntimeException());
    Call<SubscribeRequest, SubscribeResponse> second = hub.nextSubscribe();
    second.send(batch(event(7, "a")));
    second.fail(HubErrors.error(Status.Code.PERMISSION_DENIED, "not_allowed"));

    assertThatThrownBy(() -> subscription.ended().join())
        .cause()
        .isInstanceOf(ReactorException.NotAllowed.class);
    assertThat(heard)
        .containsExactly(
            "connected",
            "gap e1.4",
            "lagging e1.4",
            "event 5",
            "event 6",
            "caught up e1.6",
            "disconnected unavailable",
            "connected",
            "event 7",
            "failed not_allowed");
    assertThat(second.request().getStart().getAfter()).isEqualTo("e1.6");
    assertThat(subscription.position()).contains("e1.7");
  }

  @Test
  void thePositionMovesOnlyWhenTheListenerIsDone() {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Subscription subscription =
        client.subscribe(
            Filter.defaultChannel(),
            StartAt.after("e1.1"),
            event -> {
              entered.countDown();
              release.await();
            });
    hub.nextSubscribe().send(batch(event(2, "a")));
    await().until(() -> entered.getCount() == 0);

    assertThat(subscription.position()).contains("e1.1");

    release.countDown();
    await().until(() -> subscription.position().equals(java.util.Optional.of("e1.2")));
  }

  @Test
  void closingEndsItWithoutAnError() {
    Subscription subscription =
        client.subscribe(Filter.defaultChannel(), StartAt.latest(), new Recorder());
    Call<SubscribeRequest, SubscribeResponse> call = hub.nextSubscribe();
    call.send(caughtUp("e1.1"));
    subscription.established().join();

    subscription.close();
    subscription.close();

    subscription.ended().join();
    await().until(call::isCancelled);
    assertThat(heard).doesNotContain("failed closed");
  }

  @Test
  void aSubscriptionThatTheHubRefusesIsNeverEstablished() {
    Subscription subscription =
        client.subscribe(Filter.channels("secret"), StartAt.latest(), new Recorder());
    hub.nextSubscribe().fail(HubErrors.error(Status.Code.UNAUTHENTICATED, "token_expired"));

    assertThatThrownBy(() -> subscription.established().join())
        .cause()
        .isInstanceOfSatisfying(
            ReactorException.NotAllowed.class,
            e -> assertThat(e.code()).isEqualTo("token_expired"));
  }

  @Test
  void handlersShareOneSubscriptionAndOneFailingHarmsNoOther() {
    Registration registration =
        client.on(
            "a",
            event -> {
              throw new AssertionError("meant to fail");
            });
    EventHandler second = event -> heard.add("second " + event.seq());
    Registration another = client.on("a", second);
    client.on("b", event -> heard.add("b " + event.seq()));
    Call<SubscribeRequest, SubscribeResponse> call = hub.nextSubscribe();
    call.send(caughtUp("e1.1"));
    registration.established().join();
    another.established().join();
    call.send(batch(event(2, "a"), event(3, "b"), event(4, "c"), event(5, "a")));

    await().until(() -> heard.size() == 3);
    assertThat(heard).containsExactly("second 2", "b 3", "second 5");
    assertThat(call.request().getStart().hasLatest()).isTrue();
    assertThat(call.request().getFilter().getChannelsCount()).isZero();
    assertThat(hub.hasSubscribe()).isFalse();
  }

  @Test
  void offEndsAHandlerAndTheLastOneTheSubscription() {
    EventHandler first = event -> heard.add("first " + event.seq());
    EventHandler second = event -> heard.add("second " + event.seq());
    client.on("a", first);
    Registration registration = client.on("a", second);
    Call<SubscribeRequest, SubscribeResponse> call = hub.nextSubscribe();
    call.send(caughtUp("e1.1"));
    registration.established().join();

    assertThat(client.off("a", first)).isTrue();
    assertThat(client.off("a", first)).isFalse();
    call.send(batch(event(2, "a")));
    await().until(() -> heard.equals(List.of("second 2")));
    assertThat(client.off("a", second)).isTrue();

    await().until(call::isCancelled);
    Registration again = client.on("a", first);
    Call<SubscribeRequest, SubscribeResponse> anotherCall = hub.nextSubscribe();
    assertThat(anotherCall.request().getStart().hasLatest()).isTrue();
    again.close();
    again.close();
    await().until(anotherCall::isCancelled);
  }

  @Test
  void aHandlerAddedAfterTheHubEndedTheSubscriptionBeginsANewOne() {
    Registration refused = client.on("a", event -> {});
    hub.nextSubscribe().fail(HubErrors.error(Status.Code.UNAUTHENTICATED, "token_expired"));
    assertThatThrownBy(() -> refused.established().join())
        .cause()
        .isInstanceOf(ReactorException.NotAllowed.class);

    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              client.on("a", event -> {});
              return hub.hasSubscribe();
            });
  }
}
