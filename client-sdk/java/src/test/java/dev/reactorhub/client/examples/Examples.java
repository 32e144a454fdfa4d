package dev.reactorhub.client.examples;

import dev.reactorhub.client.Consumer;
import dev.reactorhub.client.ConsumerSpec;
import dev.reactorhub.client.Delivery;
import dev.reactorhub.client.Event;
import dev.reactorhub.client.EventStream;
import dev.reactorhub.client.Filter;
import dev.reactorhub.client.Gap;
import dev.reactorhub.client.NewEvent;
import dev.reactorhub.client.PositionStore;
import dev.reactorhub.client.PublishResult;
import dev.reactorhub.client.PublishStream;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.client.StartAt;
import dev.reactorhub.client.Subscription;
import dev.reactorhub.client.Tls;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

/** The code of the README, in the methods of a program that uses the client as anybody would. */
// What a method returns is of no use to most examples.
@SuppressWarnings({"CheckReturnValue", "FutureReturnValueIgnored"})
final class Examples {
  final List<String> log = new CopyOnWriteArrayList<>();
  final List<String> seen = new CopyOnWriteArrayList<>();
  final AtomicInteger count = new AtomicInteger();

  interface Tokens {
    String current();
  }

  /** Of the repository's README: compiled only, for a hub that runs there. */
  ReactorClient begin() {
    ReactorClient client = ReactorClient.builder("127.0.0.1:9090").build();
    client.subscribe(Filter.defaultChannel(), StartAt.latest(), event -> handle(event));
    client.publish(NewEvent.of("news_processed", "{\"title\":\"Hello\"}"));
    return client;
  }

  ReactorClient connect(Tokens tokens) {
    ReactorClient client =
        ReactorClient.builder("hub-a.example:9090")
            .endpoint("hub-b.example:9090")
            .tls(Tls.system().trusting(Path.of("authority.pem")))
            .credentials(() -> tokens.current())
            .connectionListener((endpoint, state) -> log.add(endpoint + " " + state))
            .build();
    return client;
  }

  String publish(ReactorClient client) {
    PublishResult stored = client.publish(NewEvent.of("news_processed", "{\"title\":\"Hello\"}"));
    return stored.position();
  }

  String publishLater(ReactorClient client) {
    CompletableFuture<PublishResult> later =
        client.publishAsync(
            NewEvent.builder("order_paid")
                .id("order-4711-paid")
                .channel("orders.eu")
                .dataJson("{\"order\":4711}")
                .build());
    return later.join().id();
  }

  void publishMany(ReactorClient client, List<String> titles) {
    try (PublishStream stream = client.publishStream()) {
      for (String title : titles) {
        stream.send(NewEvent.builder("news_processed").dataJson(title).build());
      }
    }
  }

  void listen(ReactorClient client) {
    client.on("news_processed", event -> seen.add(event.dataJson()));
    client.on("*", event -> count.incrementAndGet());
    client.emit("news_processed", Map.of("title", "Hello"));
    client.off("news_processed");
  }

  void greetAndHear(String endpoint) {
    try (ReactorClient client = ReactorClient.builder(endpoint).build()) {
      client.on("news_processed", event -> seen.add(event.dataJson()));
      client.emit("news_processed", Map.of("title", "Hello"));
    }
  }

  void iterate(ReactorClient client) {
    StartAt start =
        StartAt.stored(PositionStore.file(Path.of("news.position")), StartAt.earliest());
    try (EventStream stream = client.subscribe(Filter.channels("news.>"), start)) {
      while (stream.hasNext()) {
        Delivery delivery = stream.next();
        if (delivery instanceof Event event) {
          handle(event);
        } else if (delivery instanceof Gap gap) {
          log.add("missed what was between " + gap.from() + " and " + gap.to());
        }
      }
    }
  }

  Subscription subscribe(ReactorClient client) {
    Subscription subscription =
        client.subscribe(
            Filter.defaultChannel().ofTypes("news_processed"), StartAt.latest(), this::handle);
    subscription.established().join();
    return subscription;
  }

  void flow(ReactorClient client, Flow.Subscriber<Delivery> subscriber) {
    Flow.Publisher<Delivery> news = client.publisher(Filter.channels("news.*"), StartAt.latest());
    news.subscribe(subscriber);
  }

  Consumer consume(ReactorClient client) {
    ConsumerSpec spec =
        ConsumerSpec.named("billing")
            .filter(Filter.channels("orders.>"))
            .startAt(StartAt.earliest())
            .concurrency(8)
            .build();
    Consumer consumer = client.consume(spec, consumed -> bill(consumed.event()));
    return consumer;
  }

  private void handle(Event event) {
    seen.add(event.dataJson());
  }

  private void bill(Event event) {
    seen.add("billed " + event.dataJson());
  }
}
