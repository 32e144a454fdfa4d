package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.util.concurrent.ListenableFuture;
import dev.reactorhub.stream.WebSocketClient;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub is stopped while events wait for a disk that is slow. */
@Tag("world")
final class DrainInFlightTest {
  private static final String EVENT = "{\"type\":\"a\",\"id\":\"blocker\"}";

  /** Longer than the drain's delay, so that what follows a sync under way is taken and waits. */
  private static final String SLOW_SYNC = "delay_enter=2000000";

  private static final Duration GRACE = Duration.ofSeconds(25);

  @TempDir Path directory;

  @Test
  void whatWasTakenOnAnyFaceIsStoredAndAcknowledgedBeforeTheGoodbye() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    HttpClient http = HttpClient.newHttpClient();
    try (HubProcess hub = start(data);
        WebSocketClient webSocket =
            WebSocketClient.open(http, hub.endpoint().webSocket("?types=t"))) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", hub.grpcPort()).usePlaintext().build();
      HubHttp ask = new HubHttp(hub);
      CompletableFuture<?> noise = publishUntilTold(ask);
      try (SyscallFaults _ = SyscallFaults.inject(hub, directory, SLOW_SYNC)) {
        noise.complete(null);
        hub.terminate();
        CompletableFuture<HubHttp.Answer> overHttp = async(ask, EVENT.replace("blocker", "http"));
        ListenableFuture<PublishResponse> overGrpc =
            HubServiceGrpc.newFutureStub(channel)
                .publish(
                    PublishRequest.newBuilder()
                        .setEvent(NewEvent.newBuilder().setType("a").setId("grpc"))
                        .build());
        webSocket.send("{\"type\":\"publish\",\"data\":{\"type\":\"a\",\"id\":\"ws\"},\"ref\":1}");

        assertThat(overHttp.get(1, TimeUnit.MINUTES).status()).isEqualTo(200);
        assertThat(overGrpc.get(1, TimeUnit.MINUTES).getDuplicate()).isFalse();
        assertThat(webSocket.closeCode()).isEqualTo(1012);
        List<String> told =
            webSocket.untaken().stream().map(message -> message.path("type").asText()).toList();
        assertThat(told.subList(told.size() - 2, told.size()))
            .containsExactly("reactor_published", "reactor_going_away");
      } finally {
        channel.shutdownNow();
      }
      assertThat(hub.exitCode(GRACE)).isZero();
    }
    try (HubProcess hub = start(data)) {
      assertThat(new HubHttp(hub).history("a").stream().map(DrainInFlightTest::id))
          .contains("http", "grpc", "ws");
    }
    http.shutdownNow();
  }

  private static HubProcess start(Path data) throws Exception {
    return HubProcess.start(
        HubLaunch.QUICK,
        data,
        "--set",
        "drain.delay=1s",
        "--set",
        "sources.host-metrics.interval=0",
        "--set",
        "sources.heartbeat.interval=0");
  }

  /** Something to sync, so that it shows when syncs have become slow. */
  private static CompletableFuture<?> publishUntilTold(HubHttp ask) {
    CompletableFuture<Void> told = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (!told.isDone()) {
                async(ask, "{\"type\":\"noise\"}").join();
              }
            });
    return told;
  }

  private static CompletableFuture<HubHttp.Answer> async(HubHttp ask, String event) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return ask.publish(event);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
          }
        });
  }

  private static String id(JsonNode event) {
    return event.path("id").asText();
  }
}
