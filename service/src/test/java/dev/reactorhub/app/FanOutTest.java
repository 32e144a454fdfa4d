package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.Event;
import dev.reactorhub.client.Filter;
import dev.reactorhub.client.NewEvent;
import dev.reactorhub.client.PublishResult;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.client.StartAt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand browsers and a hundred backends on one durable log. */
final class FanOutTest {
  private static final int BROWSERS = 1_000;
  private static final int BACKENDS = 100;
  private static final int EVENTS_PER_SECOND = 100;
  private static final int SECONDS = 30;
  private static final String TYPE = "fan_out";

  @Test
  void everybodyGetsEveryEventInOrder(@TempDir Path data) throws IOException {
    try (HubProcess hub = HubProcess.start(data);
        ReactorClient client = ReactorClient.builder("127.0.0.1:" + hub.grpcPort()).build();
        WebSocketCrowd browsers =
            new WebSocketCrowd(
                hub.port(), BROWSERS, text -> text.startsWith("{\"type\":\"" + TYPE))) {
      List<ConcurrentLinkedQueue<Long>> backends = subscribe(client);

      List<Long> published = publish(client);

      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> browsers.deliveries().stream().allMatch(n -> n == published.size()));
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> backends.stream().allMatch(seqs -> seqs.size() == published.size()));
      for (int i = 0; i < BROWSERS; i++) {
        assertThat(browsers.seqsOf(i)).isEqualTo(published);
      }
      backends.forEach(seqs -> assertThat(seqs).containsExactlyElementsOf(published));
    }
  }

  private static List<ConcurrentLinkedQueue<Long>> subscribe(ReactorClient client) {
    List<ConcurrentLinkedQueue<Long>> all = new ArrayList<>();
    for (int i = 0; i < BACKENDS; i++) {
      ConcurrentLinkedQueue<Long> seqs = new ConcurrentLinkedQueue<>();
      client
          .subscribe(
              Filter.defaultChannel().ofTypes(TYPE),
              StartAt.latest(),
              (Event event) -> seqs.add(event.seq()))
          .established()
          .join();
      all.add(seqs);
    }
    return all;
  }

  private static List<Long> publish(ReactorClient client) {
    long startNanos = System.nanoTime();
    List<Long> seqs = new ArrayList<>();
    for (int i = 0; i < EVENTS_PER_SECOND * SECONDS; i++) {
      long dueNanos = startNanos + i * (1_000_000_000L / EVENTS_PER_SECOND);
      LockSupport.parkNanos(dueNanos - System.nanoTime());
      PublishResult result = client.publish(NewEvent.of(TYPE, "{\"n\":" + i + "}"));
      seqs.add(result.seq());
    }
    return seqs;
  }
}
