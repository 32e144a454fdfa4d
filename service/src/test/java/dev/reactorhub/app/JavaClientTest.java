package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.Delivery;
import dev.reactorhub.client.Event;
import dev.reactorhub.client.EventStream;
import dev.reactorhub.client.Filter;
import dev.reactorhub.client.NewEvent;
import dev.reactorhub.client.PositionStore;
import dev.reactorhub.client.PublishStream;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.client.StartAt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client with a hub: each way in and each way out, over a restart of the hub. */
@Timeout(120)
final class JavaClientTest {
  private static final Filter NUMBERS = Filter.channels("numbers");
  private static final int HALF = 200;

  private final List<Integer> listened = new CopyOnWriteArrayList<>();
  private final List<Integer> flowed = new CopyOnWriteArrayList<>();

  @Test
  void eachWayInAndOutKeepsEveryEventOnceOverARestartOfTheHub(@TempDir Path directory)
      throws Exception {
    Path data = directory.resolve("data");
    StartAt stored =
        StartAt.stored(
            PositionStore.file(directory.resolve("numbers.position")), StartAt.earliest());
    int port;
    List<Integer> iterated = new ArrayList<>();
    try (HubProcess hub = HubProcess.start(HubLaunch.QUICK, data)) {
      port = hub.grpcPort();
      try (ReactorClient client = client(port)) {
        publish(client, 0);
        iterated.addAll(iterate(client, stored, HALF));
      }
    }
    assertThat(iterated).containsExactlyElementsOf(numbers(HALF));

    try (HubProcess hub = HubProcess.start(HubLaunch.QUICK, data);
        ReactorClient client =
            // Nobody listens at the first.
            ReactorClient.builder("127.0.0.1:" + port)
                .endpoint("127.0.0.1:" + hub.grpcPort())
                .threads(Thread.ofVirtual().factory())
                .build()) {
      client.subscribe(NUMBERS, StartAt.earliest(), event -> listened.add(number(event)));
      client.publisher(NUMBERS, StartAt.earliest()).subscribe(new OneByOne());
      publish(client, HALF);

      // The last one before was taken, and nobody came back for more: it comes again.
      assertThat(iterate(client, stored, HALF + 1))
          .containsExactlyElementsOf(numbers(2 * HALF).subList(HALF - 1, 2 * HALF));
      await().until(() -> listened.size() == 2 * HALF && flowed.size() == 2 * HALF);
      assertThat(listened).containsExactlyElementsOf(numbers(2 * HALF));
      assertThat(flowed).containsExactlyElementsOf(numbers(2 * HALF));
    }
  }

  @Test
  void whatIsEmittedIsHeard(@TempDir Path data) throws Exception {
    try (HubProcess hub = HubProcess.start(HubLaunch.QUICK, data);
        ReactorClient client = client(hub.grpcPort())) {
      List<String> heard = new CopyOnWriteArrayList<>();
      client.on("greeted", event -> heard.add(event.dataJson())).established().join();

      client.emit("greeted", Map.of("text", "half \ud83d of a pair, \u0000 and \"more\""));

      await().until(() -> heard.size() == 1);
      assertThat(heard.getFirst()).contains("\\ud83d of a pair, \\u0000 and \\\"more\\\"");
    }
  }

  private static ReactorClient client(int port) {
    return ReactorClient.builder("127.0.0.1:" + port)
        .publishTimeout(Duration.ofSeconds(60))
        .build();
  }

  private static List<Integer> numbers(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  private static int number(Event event) {
    return Integer.parseInt(event.dataJson());
  }

  /** The first over a stream of events, the last two one by one. */
  private static void publish(ReactorClient client, int from) {
    try (PublishStream stream = client.publishStream()) {
      for (int i = from; i < from + HALF - 2; i++) {
        var _ = stream.send(event(i));
      }
    }
    client.publish(event(from + HALF - 2));
    client.publishAsync(event(from + HALF - 1)).join();
  }

  private static NewEvent event(int number) {
    return NewEvent.builder("numbered").channel("numbers").dataJson("" + number).build();
  }

  private static List<Integer> iterate(ReactorClient client, StartAt start, int count) {
    List<Integer> taken = new ArrayList<>();
    try (EventStream stream = client.subscribe(NUMBERS, start)) {
      while (taken.size() < count && stream.hasNext()) {
        if (stream.next() instanceof Event event) {
          taken.add(number(event));
        }
      }
    }
    return taken;
  }

  /** Asks for each delivery when it has had the one before. */
  private final class OneByOne implements Flow.Subscriber<Delivery> {
    private Flow.Subscription subscription = new Nothing();

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(1);
    }

    @Override
    public void onNext(Delivery delivery) {
      if (delivery instanceof Event event) {
        flowed.add(number(event));
      }
      subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }

  /** Before there is one. */
  private record Nothing() implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }
}
