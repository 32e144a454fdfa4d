package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a delivery costs in system calls, counted by the kernel: a ratio, whatever the machine's
 * speed.
 */
final class DeliveryWritesTest {
  private static final int BROWSERS = 200;
  private static final int BATCHES = 20;
  private static final int EVENTS_PER_BATCH = 50;

  /** One write for each browser and request. */
  private static final double WRITES_PER_DELIVERY_MIN = 1.0 / EVENTS_PER_BATCH;

  /** As many again for storing, answering, and the log of the process. */
  private static final double WRITES_PER_DELIVERY_MAX = 2 * WRITES_PER_DELIVERY_MIN;

  @Test
  void eventsThatAreStoredTogetherLeaveInOneWrite(@TempDir Path data) throws Exception {
    try (HubProcess hub = HubProcess.start(data);
        WebSocketCrowd browsers = new WebSocketCrowd(nanos -> {})) {
      browsers.connect(hub.port(), BROWSERS);
      HubHttp http = new HubHttp(hub);
      publish(http, browsers, 0);

      long before = writes(hub);
      for (int batch = 1; batch <= BATCHES; batch++) {
        publish(http, browsers, batch);
      }
      double deliveries = (double) BROWSERS * BATCHES * EVENTS_PER_BATCH;

      assertThat((writes(hub) - before) / deliveries)
          .isBetween(WRITES_PER_DELIVERY_MIN, WRITES_PER_DELIVERY_MAX);
    }
  }

  /** Publishes one request's events and waits until every browser has them. */
  private static void publish(HubHttp http, WebSocketCrowd browsers, int batch) throws Exception {
    long from = (long) batch * EVENTS_PER_BATCH;
    long to = from + EVENTS_PER_BATCH;
    String events =
        LongStream.range(from, to)
            .mapToObj(n -> new NumberedEvent(n, 0).toPublish(0))
            .map(event -> "{\"type\":\"" + event.type() + "\",\"data\":" + event.dataJson() + "}")
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(http.publish(events).status()).isEqualTo(200);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> browsers.nextNumbers().stream().allMatch(next -> next == to));
  }

  /** How often the process asked the kernel to write, to files and sockets. */
  private static long writes(HubProcess hub) throws IOException {
    Path io = Path.of("/proc", String.valueOf(hub.pid()), "io");
    return Files.readAllLines(io, StandardCharsets.US_ASCII).stream()
        .filter(line -> line.startsWith("syscw: "))
        .mapToLong(line -> Long.parseLong(line.substring("syscw: ".length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no syscw in " + io));
  }
}
