package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MILLISECOND;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reactorhub.stream.SseClient;
import dev.reactorhub.stream.StreamClient;
import dev.reactorhub.stream.WebSocketClient;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process, asked to stop. */
final class DrainProcessTest {
  private static final String READY = "/observe/health/ready";
  private static final int STALLED = 20;

  /** Half of what {@code drain.grace} allows by default, and time for a machine that is busy. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path data;

  @Test
  void everyFaceIsToldWhereAndWhenAndTheExitCodeIsZero() throws Exception {
    try (HubProcess hub = start("drain.window=4s", "drain.away=1s");
        WebSocketClient webSocket = WebSocketClient.open(http, hub.endpoint().webSocket(""));
        SseClient sse = SseClient.open(http, hub.endpoint().http("/api/v1/stream"))) {
      ManagedChannel channel = grpc(hub);
      try {
        Iterator<SubscribeResponse> grpc =
            HubServiceGrpc.newBlockingStub(channel)
                .subscribe(SubscribeRequest.getDefaultInstance());
        grpc.next();
        String position = publish(hub, "x");
        for (StreamClient client : new StreamClient[] {webSocket, sse}) {
          await().until(() -> client.untaken().stream().anyMatch(told -> told.has("seq")));
        }

        assertThat(hub.stop()).isZero();

        assertThat(webSocket.closeCode()).isEqualTo(1012);
        for (StreamClient client : new StreamClient[] {webSocket, sse}) {
          JsonNode goodbye = client.untaken().getLast();
          assertThat(goodbye.path("type").asText()).isEqualTo("reactor_going_away");
          assertThat(seq(goodbye.path("data").path("position").asText()))
              .isGreaterThanOrEqualTo(seq(position));
          assertThat(goodbye.path("data").path("reconnect_after_ms").asLong())
              .isBetween(1_000L, 5_000L);
        }
        SubscribeResponse last =
            StreamSupport.stream(((Iterable<SubscribeResponse>) () -> grpc).spliterator(), false)
                .filter(SubscribeResponse::hasGoingAway)
                .findFirst()
                .orElseThrow();
        assertThat(seq(last.getGoingAway().getPosition())).isGreaterThanOrEqualTo(seq(position));
        assertThat(last.getGoingAway().getReconnectAfter().getSeconds()).isBetween(1L, 5L);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void whateverClientsDoTheHubEndsWithZeroAndKeepsWhatItAcknowledged() throws Exception {
    String acknowledged;
    try (HubProcess hub = start("drain.window=1s");
        WebSocketCrowd stalled = new WebSocketCrowd(nanos -> {})) {
      stalled.connectStalled(hub.port(), STALLED);
      Socket silent = open(hub, "GET /ws/st");
      Socket posting =
          open(
              hub,
              "POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  + "Content-Length: 100\r\n\r\n{\"type\":");
      Socket deafSse = open(hub, "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\n\r\n");
      ManagedChannel channel = grpc(hub);
      HubServiceGrpc.newBlockingStub(channel).subscribe(SubscribeRequest.getDefaultInstance());
      acknowledged = fill(hub);

      assertThat(hub.stop()).isZero();

      assertThat(hub.printed())
          .anyMatch(line -> line.contains("drain_cuts_clients"))
          .anyMatch(line -> line.contains("drain_ended"))
          .noneMatch(line -> line.contains("drain_overdue"));
      for (Socket socket : new Socket[] {silent, posting, deafSse}) {
        socket.close();
      }
      channel.shutdownNow();
    }
    try (HubProcess hub = start("drain.window=1s")) {
      assertThat(new HubHttp(hub).history("a").getLast().path("seq").asLong())
          .isEqualTo(seq(acknowledged));
    }
  }

  @Test
  void aHubThatIsAskedWhileItStartsEndsWithZeroAsWell() throws Exception {
    Process starting = HubProcess.launched(HubLaunch.PLAIN, data);
    try {
      // It opens its log: signals are heard before.
      await().atMost(SOON).pollInterval(ONE_MILLISECOND).until(() -> !isEmpty(data));

      starting.destroy();

      assertThat(starting.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(starting.exitValue()).isZero();
    } finally {
      starting.destroyForcibly();
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  @Test
  void duringTheDelayTheHubIsNotReadyButServesAndASecondSignalEndsIt() throws Exception {
    try (HubProcess hub = start("drain.delay=1h", "drain.grace=2h");
        WebSocketClient client = WebSocketClient.open(http, hub.endpoint().webSocket(""))) {
      HubHttp ask = new HubHttp(hub);
      assertThat(ask.readiness()).isEqualTo(200);
      assertThat(grpcHealth(hub)).isEqualTo(ServingStatus.SERVING);

      hub.terminate();

      await().atMost(SOON).until(() -> ask.readiness() == 503);
      assertThat(ask.get(READY).body().toString()).contains("the hub is shutting down");
      assertThat(grpcHealth(hub)).isEqualTo(ServingStatus.NOT_SERVING);
      String position = publish(hub, "x");
      await().until(() -> client.untaken().stream().anyMatch(told -> told.has("seq")));
      WebSocketClient.open(http, hub.endpoint().webSocket("")).close();

      hub.terminate();

      assertThat(hub.exitCode(SOON)).isZero();
      assertThat(client.closeCode()).isEqualTo(1012);
      assertThat(client.count("reactor_going_away")).isEqualTo(1);
      assertThat(hub.printed())
          .anyMatch(line -> line.contains("drain_ended") && line.contains("hastened=true"));
      assertThat(seq(position)).isPositive();
    }
  }

  private HubProcess start(String... settings) throws Exception {
    String[] options = new String[2 * settings.length + 4];
    for (int i = 0; i < settings.length; i++) {
      options[2 * i] = "--set";
      options[2 * i + 1] = settings[i];
    }
    options[options.length - 4] = "--set";
    options[options.length - 3] = "sources.host-metrics.interval=0";
    options[options.length - 2] = "--set";
    options[options.length - 1] = "sources.heartbeat.interval=0";
    return HubProcess.start(HubLaunch.QUICK, data, options);
  }

  private static String publish(HubProcess hub, String text) throws Exception {
    HubHttp.Answer answer =
        new HubHttp(hub).publish("{\"type\":\"a\",\"data\":{\"text\":\"" + text + "\"}}");
    assertThat(answer.status()).isEqualTo(200);
    return answer.body().path("position").asText();
  }

  /** Publishes more than the kernel keeps for a client that does not read. */
  private static String fill(HubProcess hub) throws Exception {
    String text = "x".repeat(500_000);
    String position = "";
    for (int i = 0; i < 10; i++) {
      position = publish(hub, text);
    }
    return position;
  }

  private static Socket open(HubProcess hub, String request) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), hub.port());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static ManagedChannel grpc(HubProcess hub) {
    return NettyChannelBuilder.forAddress("127.0.0.1", hub.grpcPort()).usePlaintext().build();
  }

  private static ServingStatus grpcHealth(HubProcess hub) {
    ManagedChannel channel = grpc(hub);
    try {
      return HealthGrpc.newBlockingStub(channel)
          .check(HealthCheckRequest.getDefaultInstance())
          .getStatus();
    } finally {
      channel.shutdownNow();
    }
  }

  private static long seq(String position) {
    return Long.parseLong(position.substring(position.indexOf('.') + 1));
  }
}
