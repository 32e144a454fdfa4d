package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.Event;
import dev.reactorhub.client.Filter;
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

  @Test
  void everybodyGetsEveryEventInOrder(@TempDir Path data) throws IOException {
    try (HubProcess hub = HubProcess.start(data);
        ReactorClient client = ReactorClient.builder("127.0.0.1:" + hub.grpcPort()).build();
        WebSocketCrowd browsers = new WebSocketCrowd(nanos -> {})) {
      browsers.connect(hub.port(), BROWSERS);
      List<ConcurrentLinkedQueue<Long>> backends = subscribe(client);

      List<Long> published = publish(client);

      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> browsers.nextNumbers().stream().allMatch(n -> n == published.size()));
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> backends.stream().allMatch(seqs -> seqs.size() == published.size()));
      assertThat(browsers.firstNumbers()).hasSize(BROWSERS).containsOnly(0L);
      backends.forEach(seqs -> assertThat(seqs).containsExactlyElementsOf(published));
    }
  }

  private static List<ConcurrentLinkedQueue<Long>> subscribe(ReactorClient client) {
    List<ConcurrentLinkedQueue<Long>> all = new ArrayList<>();
    for (int i = 0; i < BACKENDS; i++) {
      ConcurrentLinkedQueue<Long> seqs = new ConcurrentLinkedQueue<>();
      client
          .subscribe(
              Filter.defaultChannel().ofTypes(NumberedEvent.TYPE),
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
      PublishResult result = client.publish(new NumberedEvent(i, dueNanos).toPublish(0));
      seqs.add(result.seq());
    }
    return seqs;
  }
}
