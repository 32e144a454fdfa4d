package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.Backoff;
import dev.reactorhub.client.Consumer;
import dev.reactorhub.client.ConsumerSpec;
import dev.reactorhub.client.ConsumerStatus;
import dev.reactorhub.client.Event;
import dev.reactorhub.client.Filter;
import dev.reactorhub.client.NewEvent;
import dev.reactorhub.client.PublishStream;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.client.StartAt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Durable consumers of the Java client with a hub. */
@Timeout(120)
final class JavaClientConsumeTest {
  private static final int CHANNELS = 4;
  private static final int EVENTS = 400;

  private final Map<String, List<Integer>> handled = new ConcurrentHashMap<>();

  private static ReactorClient client(HubProcess hub) {
    return ReactorClient.builder("127.0.0.1:" + hub.grpcPort()).build();
  }

  private static ConsumerSpec.Builder spec() {
    return ConsumerSpec.named("workers")
        .filter(Filter.channels("work.*"))
        .startAt(StartAt.earliest());
  }

  private void handle(Event event) {
    handled
        .computeIfAbsent(event.channel(), channel -> new CopyOnWriteArrayList<>())
        .add(Integer.parseInt(event.dataJson()));
  }

  private int count() {
    return handled.values().stream().mapToInt(List::size).sum();
  }

  private static void publish(ReactorClient client, int from) {
    try (PublishStream stream = client.publishStream()) {
      for (int i = from; i < from + EVENTS; i++) {
        var _ =
            stream.send(
                NewEvent.builder("task").channel("work.c" + i % CHANNELS).dataJson("" + i).build());
      }
    }
  }

  private void assertEachOnceInOrder(int events) {
    assertThat(handled).hasSize(CHANNELS);
    handled.values().forEach(of -> assertThat(of).hasSize(events / CHANNELS).isSorted());
    handled.values().forEach(of -> assertThat(of).doesNotHaveDuplicates());
  }

  @Test
  void workersShareTheEventsAndGoOnAfterARestartOfTheHub(@TempDir Path data) throws Exception {
    try (HubProcess hub = HubProcess.start(HubLaunch.QUICK, data);
        ReactorClient one = client(hub);
        ReactorClient other = client(hub)) {
      publish(one, 0);
      try (Consumer first = one.consume(spec().concurrency(2).build(), c -> handle(c.event()));
          Consumer second = other.consume(spec().concurrency(2).build(), c -> handle(c.event()))) {
        await().until(() -> count() == EVENTS);
        assertThat(first.ended()).isNotDone();
        assertThat(second.ended()).isNotDone();
      }
      assertEachOnceInOrder(EVENTS);
      ConsumerStatus status = one.consumers().get("workers");
      assertThat(status.lag()).isZero();
      assertThat(status.acknowledged()).isEqualTo(EVENTS);
      publish(one, EVENTS);
      assertThat(hub.stop()).isZero();
    }
    try (HubProcess hub = HubProcess.start(HubLaunch.QUICK, data);
        ReactorClient client = client(hub);
        Consumer consumer = client.consume(spec().build(), c -> handle(c.event()))) {
      await().until(() -> count() == 2 * EVENTS);
      assertThat(consumer.ended()).isNotDone();
    }
    assertEachOnceInOrder(2 * EVENTS);
  }

  @Test
  void whatFailsComesAgainInItsPlaceAndWhatFailsAlwaysIsParked(@TempDir Path data)
      throws Exception {
    try (HubProcess hub = HubProcess.start(HubLaunch.QUICK, data);
        ReactorClient client = client(hub)) {
      publish(client, 0);
      List<Integer> attempts = new CopyOnWriteArrayList<>();
      Consumer consumer =
          client.consume(
              spec()
                  .concurrency(4)
                  .attemptsMax(3)
                  .rejectDelay(new Backoff(Duration.ofMillis(20), Duration.ofMillis(50)))
                  .build(),
              c -> {
                int number = Integer.parseInt(c.event().dataJson());
                if (number == 40 || (number == 81 && c.attempt() < 3)) {
                  attempts.add(number);
                  throw new IllegalStateException("meant to fail");
                }
                handle(c.event());
              });
      await().until(() -> count() == EVENTS - 1);
      await().until(() -> client.consumers().get("workers").parked() == 1);

      assertThat(attempts).filteredOn(number -> number == 40).hasSize(3);
      assertThat(attempts).filteredOn(number -> number == 81).hasSize(2);
      handled.values().forEach(of -> assertThat(of).isSorted().doesNotHaveDuplicates());
      assertThat(client.history(Filter.channels("dead-letter.workers"), 10).events())
          .singleElement()
          .extracting(Event::dataJson)
          .asString()
          .contains("\"attempts\":3", "IllegalStateException: meant to fail", "\"data\":40");
      consumer.close();
      assertThat(client.consumers().list()).extracting(ConsumerStatus::clients).containsExactly(0);
    }
  }

  @Test
  void anExclusiveConsumerIsTakenOverInTheOrderOfTheLog(@TempDir Path data) throws Exception {
    try (HubProcess hub = HubProcess.start(HubLaunch.QUICK, data);
        ReactorClient client = client(hub)) {
      List<Integer> all = new CopyOnWriteArrayList<>();
      publish(client, 0);
      Consumer active =
          client.consume(
              spec().exclusive().ackDeadline(Duration.ofSeconds(1)).build(),
              c -> all.add(Integer.parseInt(c.event().dataJson())));
      active.established().join();
      try (Consumer standby =
          client.consume(
              spec().exclusive().build(), c -> all.add(Integer.parseInt(c.event().dataJson())))) {
        await().until(() -> all.size() > EVENTS / 2);
        active.close();
        await().until(() -> all.size() >= EVENTS);
        assertThat(standby.ended()).isNotDone();
      }
      assertThat(all).hasSize(EVENTS).isSorted().doesNotHaveDuplicates();
    }
  }
}
