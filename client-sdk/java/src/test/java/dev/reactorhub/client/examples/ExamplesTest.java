package dev.reactorhub.client.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reactorhub.client.ClientDefaults;
import dev.reactorhub.client.Consumer;
import dev.reactorhub.client.Delivery;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.client.Subscription;
import dev.reactorhub.client.testing.FakeHub;
import dev.reactorhub.client.testing.HubCall;
import dev.reactorhub.client.testing.Refusal;
import dev.reactorhub.client.testing.StoredEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples do what the README says, and the README holds what is compiled and run here. */
@Timeout(30)
final class ExamplesTest {
  private static final Pattern README_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern JAVADOC_BLOCK =
      Pattern.compile("<pre>\\{@code\n(.*?)\n \\* }</pre>", Pattern.DOTALL);
  private static final Pattern SETTING = Pattern.compile("\\| `(\\w+)` \\| ([^|]+) \\| [^|]+ \\|");

  private final FakeHub hub = FakeHub.start();
  private final ReactorClient client = ReactorClient.builder(hub.endpoint()).build();
  private final Examples examples = new Examples();

  @AfterEach
  void close() throws IOException {
    client.close();
    hub.close();
    Files.deleteIfExists(Path.of("news.position"));
  }

  @Test
  void eventsArePublished() {
    assertThat(examples.publish(client)).isEqualTo("fake1.1");
    assertThat(examples.publishLater(client)).isEqualTo("order-4711-paid");
    examples.publishMany(client, List.of("1", "2"));

    assertThat(hub.events())
        .extracting(StoredEvent::dataJson)
        .containsExactly("{\"title\":\"Hello\"}", "{\"order\":4711}", "1", "2");
  }

  @Test
  void handlersHearWhatIsEmitted() {
    var before = client.on("user_action", event -> {});
    before.established().join();
    examples.listen(client);
    await().until(() -> examples.count.get() == 1);
    before.close();

    examples.greetAndHear(hub.endpoint());
    assertThat(hub.events()).hasSize(2);
  }

  @Test
  void aSubscriptionIteratesUntilTheClientIsClosed() throws IOException {
    hub.publish("news.eu", "news_processed", "1");
    Thread thread = new Thread(() -> examples.iterate(client));
    thread.start();
    await().until(() -> examples.seen.equals(List.of("1")));
    hub.tellGap("fake1.1", "fake1.1", "position_expired");
    await().until(() -> examples.log.size() == 1);

    client.close();

    await().until(() -> !thread.isAlive());
    assertThat(Files.readString(Path.of("news.position"))).isEqualTo("fake1.1\n");
  }

  @Test
  void aListenerAndASubscriberAreCalled() {
    List<Delivery> flowed = new CopyOnWriteArrayList<>();
    try (Subscription subscription = examples.subscribe(client)) {
      examples.flow(client, new Collector(flowed));
      hub.awaitSubscriptions(2, Duration.ofSeconds(10));
      hub.publish("news_processed", "1");
      hub.publish("news.eu", "news_processed", "2");

      await().until(() -> examples.seen.equals(List.of("1")));
      await().until(() -> flowed.size() >= 3);
      assertThat(subscription.ended()).isNotDone();
    }
  }

  @Test
  void aConsumerWorks() {
    hub.publish("orders.eu", "order_paid", "7");
    try (Consumer consumer = examples.consume(client)) {
      await().until(() -> examples.seen.equals(List.of("billed 7")));
      assertThat(consumer.name()).isEqualTo("billing");
    }
  }

  @Test
  void aProgramIsTestedWithTheFakeHub() {
    try (FakeHub hub = FakeHub.start();
        ReactorClient client = ReactorClient.builder(hub.endpoint()).build()) {
      hub.refuseNext(HubCall.PUBLISH, Refusal.of("log_unavailable"));
      new Greeter(client).greet("Ada");

      StoredEvent greeting = hub.takePublished(Duration.ofSeconds(5));
      assertEquals("{\"name\":\"Ada\"}", greeting.dataJson());
    }
  }

  @Test
  void theShortestTestOfAll() {
    try (FakeHub hub = FakeHub.start();
        ReactorClient client = ReactorClient.builder(hub.endpoint()).build()) {
      new Greeter(client).greet("Ada");

      assertEquals("{\"name\":\"Ada\"}", hub.takePublished(Duration.ofSeconds(5)).dataJson());
    }
  }

  @Test
  void aClientOfManySettingsWantsItsFiles() {
    assertThatThrownBy(() -> examples.connect(() -> "token")).hasMessageContaining("authority.pem");
  }

  @Test
  void everyBlockOfJavaIsPartOfTheseFiles() throws IOException {
    String compiled = compiled();
    List<String> blocks = new ArrayList<>(blocks(README_BLOCK, Path.of("README.md")));
    assertThat(blocks).hasSizeGreaterThan(9);
    List<String> first = blocks(README_BLOCK, Path.of("../../README.md"));
    assertThat(first).isNotEmpty();
    blocks.addAll(first);
    String main = "src/main/java/dev/reactorhub/client/";
    blocks.addAll(blocks(JAVADOC_BLOCK, Path.of(main + "ReactorClient.java")));
    blocks.addAll(
        blocks(JAVADOC_BLOCK, Path.of("../java-testing/" + main + "testing/FakeHub.java")));
    assertThat(blocks).hasSizeGreaterThan(12);

    assertThat(blocks).allSatisfy(block -> assertThat(compiled).contains(block));
  }

  private static String compiled() throws IOException {
    Path directory = Path.of("src/test/java/dev/reactorhub/client/examples");
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        all.append(plain(Files.readString(file))).append('\n');
      }
    }
    return all.toString();
  }

  private static List<String> blocks(Pattern pattern, Path file) throws IOException {
    return pattern
        .matcher(Files.readString(file))
        .results()
        .map(found -> plain(found.group(1).replaceAll("(?m)^ \\*", "")))
        .toList();
  }

  /** Without the spaces between and around lines, which differ with the depth. */
  private static String plain(String code) {
    return code.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" "))
        .replaceAll("\\s+", " ")
        .replace("( ", "(");
  }

  @Test
  void theReadmeHasEverySettingWithItsDefault() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    SETTING
        .matcher(Files.readString(Path.of("README.md")))
        .results()
        .forEach(found -> documented.put(found.group(1), found.group(2)));
    documented.keySet().removeIf(name -> Character.isUpperCase(name.charAt(0)));

    assertThat(documented).isEqualTo(new TreeMap<>(ClientDefaults.ofSettings()));
  }

  /** Takes everything. */
  private record Collector(List<Delivery> flowed) implements Flow.Subscriber<Delivery> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Delivery delivery) {
      flowed.add(delivery);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
