package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.app.RenderedContainer.Probe;
import dev.reactorhub.stream.WebSocketClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image as the chart runs it, with the test in the place of the kubelet. */
@Tag("image")
final class RenderedContainerTest {
  private static final String EVENT = "{\"type\":\"order_placed\",\"id\":\"o1\",\"data\":{}}";

  @TempDir Path volumes;

  @Test
  void theProbesLetTheHubStartServeAndEndWithinItsGrace() throws Exception {
    RenderedContainer rendered = RenderedContainer.read();
    Probe liveness = rendered.probe("liveness");
    Probe readiness = rendered.probe("readiness");
    try (Container container = rendered.start(volumes)) {
      awaitSuccess(rendered.probe("startup"), container);
      awaitSuccess(readiness, container);
      assertThat(liveness.succeeds(container)).isTrue();
      HubHttp hub = new HubHttp(container.endpoint().port());
      assertThat(hub.publish(EVENT).status()).isEqualTo(200);
      assertThat(container.heapMebibytesMax()).isEqualTo(rendered.memoryMebibytes() / 2);

      try (WebSocketClient client =
          WebSocketClient.open(HttpClient.newHttpClient(), container.endpoint().webSocket(""))) {
        await().until(() -> client.count("reactor_connected") == 1);
        CompletableFuture<Integer> exitCode =
            CompletableFuture.supplyAsync(() -> stop(container, rendered.graceSeconds()));

        await().until(() -> !readiness.succeeds(container));
        assertThat(exitCode.join()).isZero();
        assertThat(client.closeCode()).isEqualTo(1012);
      }
    }
    try (Container container = rendered.start(volumes)) {
      awaitSuccess(rendered.probe("startup"), container);
      assertThat(new HubHttp(container.endpoint().port()).history("order_placed")).hasSize(1);
    }
  }

  private static void awaitSuccess(Probe probe, Container container) {
    await()
        .pollInterval(probe.period())
        .pollDelay(Duration.ZERO)
        .atMost(probe.patience())
        .until(() -> probe.succeeds(container));
  }

  private static int stop(Container container, int graceSeconds) {
    try {
      return container.stop(graceSeconds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
