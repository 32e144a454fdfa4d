package dev.reactorhub.client;

import static dev.reactorhub.client.Clients.clientOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.testing.FakeHub;
import dev.reactorhub.client.testing.HubCall;
import dev.reactorhub.client.testing.Refusal;
import dev.reactorhub.client.testing.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class ConnectionTest {
  private static final Backoff QUICK = new Backoff(Duration.ofMillis(10), Duration.ofMillis(50));

  private final FakeHub hub = FakeHub.start();
  private final FakeHub other = FakeHub.start();

  @AfterEach
  void close() {
    hub.close();
    other.close();
  }

  private ReactorClientBuilder both() {
    return clientOf(hub).endpoint(other.endpoint()).backoff(QUICK);
  }

  @Test
  void callsGoToTheFirstEndpointAndStayWhereTheyAreServed() {
    try (ReactorClient client = both().build()) {
      client.emit("a", "{}");
      assertThat(hub.events()).hasSize(1);

      hub.stop();
      client.emit("b", "{}");
      hub.resume();
      client.emit("c", "{}");

      assertThat(hub.events()).hasSize(1);
      assertThat(other.events()).hasSize(2);
    }
  }

  @Test
  void aQuestionIsAskedOfTheNextEndpointAtOnce() {
    hub.stop();
    try (ReactorClient client = both().build()) {
      assertThat(client.status().version()).isEqualTo("fake");
      assertThat(client.history(Filter.defaultChannel(), 1).events()).isEmpty();
    }
  }

  @Test
  void anEndpointThatIsUnavailableThoughReachedIsLeft() {
    hub.refuseNext(HubCall.PUBLISH, Refusal.of("log_unavailable"));
    try (ReactorClient client = both().build()) {
      client.emit("a", "{}");
    }
    assertThat(other.events()).hasSize(1);
  }

  @Test
  void aSubscriptionAndAConsumerGoOnAtTheNextEndpoint() {
    CountDownLatch subscribed = new CountDownLatch(1);
    CountDownLatch consumed = new CountDownLatch(1);
    try (ReactorClient client = both().build()) {
      client
          .subscribe(Filter.defaultChannel(), StartAt.earliest(), event -> subscribed.countDown())
          .established()
          .join();
      client
          .consume(
              ConsumerSpec.named("c").startAt(StartAt.earliest()).build(),
              event -> consumed.countDown())
          .established()
          .join();
      other.publish("a", "{}");

      hub.stop();

      await().until(() -> subscribed.getCount() == 0 && consumed.getCount() == 0);
    }
  }

  @Test
  void aHubThatGoesAwayIsLeftWhenItSays() {
    FakeTiming timing = new FakeTiming();
    try (ReactorClient client = both().build(timing)) {
      client.on("a", event -> {}).established().join();

      hub.goAway(Duration.ofSeconds(4));

      other.awaitSubscriptions(1, Duration.ofSeconds(10));
      assertThat(timing.waits()).containsExactly(Duration.ofSeconds(4));
      assertThat(hub.subscriptions()).isZero();
    }
  }

  @Test
  void aConnectionThatDiedUnnoticedIsReplacedOnceItIsSilent() throws IOException {
    CountDownLatch heard = new CountDownLatch(1);
    try (Relay relay = Relay.to(hub.endpoint());
        ReactorClient client =
            ReactorClient.builder(relay.endpoint())
                .backoff(QUICK)
                .silenceMax(Duration.ofMillis(500))
                .build()) {
      client
          .subscribe(Filter.defaultChannel(), StartAt.earliest(), event -> heard.countDown())
          .established()
          .join();

      relay.loseConnections();
      hub.publish("a", "{}");

      await().until(() -> heard.getCount() == 0);
    }
  }

  @Test
  void anEventWhoseConnectionDiedUnnoticedIsPublishedOverAnother() throws IOException {
    try (Relay relay = Relay.to(hub.endpoint());
        ReactorClient client =
            ReactorClient.builder(relay.endpoint())
                .backoff(QUICK)
                .callTimeout(Duration.ofMillis(500))
                .publishTimeout(Duration.ofSeconds(10))
                .build()) {
      client.emit("a", "{}");

      relay.loseConnections();
      client.emit("b", "{}");

      assertThat(hub.events()).extracting(StoredEvent::type).containsExactly("a", "b");
    }
  }

  @Test
  void aHubThatIsNotThereIsToldWithTheReason() {
    hub.stop();
    try (ReactorClient client = clientOf(hub).build()) {
      assertThatThrownBy(client::status)
          .isInstanceOf(ReactorException.Unavailable.class)
          .hasMessageContaining("unavailable: Connection refused")
          .hasMessageContaining(hub.endpoint());
    }
  }

  @Test
  void anEndpointIsNamedOnce() {
    assertThatThrownBy(() -> ReactorClient.builder("a:1").endpoint("a:1").build())
        .hasMessage("endpoints are [a:1, a:1]: one is named twice");
  }

  @Test
  void theListenerHearsHowConnectionsComeAndGo() {
    List<String> heard = new CopyOnWriteArrayList<>();
    ReactorClient client =
        clientOf(hub)
            .backoff(QUICK)
            .connectionListener((endpoint, state) -> heard.add(state + " " + endpoint))
            .build();
    client.status();
    await().until(() -> heard.contains("CONNECTED " + hub.endpoint()));
    hub.stop();
    await().until(() -> !heard.get(heard.size() - 1).startsWith("CONNECTED"));
    assertThatThrownBy(client::status).isInstanceOf(ReactorException.Unavailable.class);
    await().until(() -> heard.contains("UNREACHABLE " + hub.endpoint()));
    hub.resume();
    client.emit("a", "{}");
    await()
        .until(
            () ->
                heard.lastIndexOf("CONNECTED " + hub.endpoint())
                    > heard.indexOf("UNREACHABLE " + hub.endpoint()));
    client.close();

    await().until(() -> heard.get(heard.size() - 1).equals("CLOSED " + hub.endpoint()));
  }

  @Test
  void aListenerThatFailsHarmsNothing() {
    try (ReactorClient client =
        clientOf(hub)
            .connectionListener(
                (endpoint, state) -> {
                  throw new IllegalStateException("meant to fail");
                })
            .build()) {
      assertThat(client.status().version()).isEqualTo("fake");
    }
  }

  @Test
  void tlsChecksTheHubAndShowsTheClient(@TempDir Path directory) throws IOException {
    // One for both sides: making them takes longer than the test.
    Certificates pair = Certificates.of(directory, "hub");
    Tls trusting = Tls.system().trusting(pair.certificate());
    Tls whole = trusting.presenting(pair.certificate(), pair.key());
    try (FakeHub secure =
        FakeHub.builder()
            .tls(pair.certificate(), pair.key())
            .requireClientCertificate(pair.certificate())
            .start()) {
      assertServed(clientOf(secure).tls(whole));
      assertServed(clientOf(secure).tls(whole.expecting("hub")));
      assertRefused(clientOf(secure).tls(whole.expecting("another-hub")));
      assertRefused(clientOf(secure).tls(trusting));
      assertRefused(clientOf(secure).tls(Tls.system().presenting(pair.certificate(), pair.key())));
      assertRefused(clientOf(secure));
    }
  }

  private static void assertServed(ReactorClientBuilder builder) {
    try (ReactorClient client = builder.build()) {
      assertThat(client.status().version()).isEqualTo("fake");
    }
  }

  private static void assertRefused(ReactorClientBuilder builder) {
    try (ReactorClient client = builder.build()) {
      assertThatThrownBy(client::status).isInstanceOf(ReactorException.Unavailable.class);
    }
  }

  @Test
  void aFileOfTlsThatCannotBeReadIsNamed(@TempDir Path directory) {
    Path none = directory.resolve("none.pem");

    assertThatThrownBy(() -> clientOf(hub).tls(Tls.system().trusting(none)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none.pem");
  }

  @Test
  void eachCallAsksForAToken() {
    AtomicInteger count = new AtomicInteger();
    try (ReactorClient client =
        clientOf(hub).credentials(() -> "token-" + count.incrementAndGet()).build()) {
      client.status();
      client.emit("a", "{}");
      client.history(Filter.defaultChannel(), 1);
      client.consumers().list();
    }
    assertThat(hub.tokens()).containsExactly("token-1", "token-2", "token-3", "token-4");
  }

  @Test
  void aSubscriptionWhoseTokenExpiredComesBackWithANewOne() {
    AtomicInteger count = new AtomicInteger();
    try (ReactorClient client =
        clientOf(hub)
            .backoff(QUICK)
            .credentials(() -> "token-" + count.incrementAndGet())
            .build()) {
      hub.requireToken("token-1");
      Subscription subscription =
          client.subscribe(Filter.defaultChannel(), StartAt.latest(), event -> {});
      subscription.established().join();

      hub.requireToken("token-2");
      hub.dropConnections();
      hub.awaitSubscriptions(1, Duration.ofSeconds(10));
      hub.dropConnections();

      // The third token is not taken, and none was served with it: that is for good.
      assertThatThrownBy(() -> subscription.ended().join())
          .cause()
          .isInstanceOfSatisfying(
              ReactorException.NotAllowed.class,
              e -> assertThat(e.code()).isEqualTo("unauthenticated"));
    }
  }

  @Test
  void anAttemptWithoutATokenIsMadeAgain() {
    AtomicInteger count = new AtomicInteger();
    try (ReactorClient client =
        clientOf(hub)
            .backoff(QUICK)
            .credentials(
                () -> {
                  if (count.incrementAndGet() == 1) {
                    throw new IOException("the issuer is away: secret-1");
                  }
                  return "token";
                })
            .build()) {
      assertThat(client.emit("a", "{}").seq()).isEqualTo(1);
      count.set(0);
      assertThatThrownBy(client::status)
          .isInstanceOf(ReactorException.Unavailable.class)
          .hasMessage("unavailable: no token for the call");
    }
  }

  @Test
  void tokensDoNotTravelReadable() {
    assertThatThrownBy(
            () -> ReactorClient.builder("hub.example:9090").credentials(() -> "t").build())
        .hasMessage("credentials would travel readable to hub.example:9090: set tls as well");
    ReactorClient.builder("localhost:9090").credentials(() -> "t").build().close();
    ReactorClient.builder("[::1]:9090").credentials(() -> "t").build().close();
    ReactorClient.builder("hub.example:9090")
        .tls(Tls.system())
        .credentials(() -> "t")
        .build()
        .close();
  }

  @Test
  void threadsComeFromTheFactory() {
    List<String> names = new CopyOnWriteArrayList<>();
    try (ReactorClient client = clientOf(hub).threads(task -> new Thread(task, "mine")).build()) {
      client.on("*", event -> names.add(Thread.currentThread().getName())).established().join();
      client.emit("a", "{}");
      await().until(() -> names.equals(List.of("mine")));
    }
  }
}
