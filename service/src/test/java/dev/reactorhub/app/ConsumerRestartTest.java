package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.stream.TestConsumer;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Durable consumers of the real process. */
final class ConsumerRestartTest {
  private static final int EVENTS = 40;
  private static final Long[] ODD =
      LongStream.rangeClosed(1, EVENTS).filter(n -> n % 2 == 1).boxed().toArray(Long[]::new);

  @TempDir Path data;

  @Test
  void whatWasConfirmedIsNotGivenAgainAfterKill9AndTheRestIs() throws Exception {
    try (HubProcess hub = start()) {
      ManagedChannel channel = channel(hub);
      TestConsumer one = TestConsumer.open(channel, "mail", open -> open);
      await().until(() -> one.told.contains("made active 0"));
      publish(hub);
      await().until(() -> one.deliveries.size() == EVENTS);
      one.acknowledge(1, ODD);
      await().until(() -> one.told.contains("durable 1 1"));
      hub.kill();
      channel.shutdownNow();
    }
    try (HubProcess hub = start()) {
      ManagedChannel channel = channel(hub);
      assertThat(metrics(hub))
          .contains("reactorhub_consumer_lag_events{consumer=\"mail\"")
          .contains("reactorhub_consumer_acknowledged_events_total{consumer=\"mail\"");
      TestConsumer again = TestConsumer.open(channel, "mail", open -> open);
      await().until(() -> again.deliveries.size() == EVENTS / 2);
      again.acknowledgeThrough(1, again.deliveries.getLast().getEvent().getPosition());
      await().until(() -> again.told.contains("durable 1 " + EVENTS));
      assertThat(again.deliveries)
          .allSatisfy(given -> assertThat(given.getEvent().getSeq()).isEven());
      channel.shutdownNow();
      assertThat(hub.stop()).isZero();
    }
  }

  private HubProcess start() throws Exception {
    return HubProcess.start(
        HubLaunch.QUICK,
        data,
        "--set",
        "sources.host-metrics.interval=0",
        "--set",
        "sources.heartbeat.interval=0",
        "--set",
        "drain.window=0");
  }

  private static ManagedChannel channel(HubProcess hub) {
    return NettyChannelBuilder.forAddress("127.0.0.1", hub.grpcPort()).usePlaintext().build();
  }

  private static void publish(HubProcess hub) throws Exception {
    String events = "{\"type\":\"a\"},".repeat(EVENTS);
    String batch = "[" + events.substring(0, events.length() - 1) + "]";
    assertThat(new HubHttp(hub).publish(batch).status()).isEqualTo(200);
  }

  private static String metrics(HubProcess hub) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + hub.port() + "/observe/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
