package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.rpc.ErrorInfo;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.PublishStreamResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real process on a disk that fills up and is freed: publishers are told, nobody who reads
 * notices, and publishing heals by itself. Needs Linux and root, to mount a small file system.
 */
@Tag("world")
final class DiskFullTest {
  private static final String TYPE = "parcel_sent";
  private static final Duration HEALED_WITHIN = Duration.ofSeconds(90);
  private static final int DATA_BYTES = 200_000;

  @TempDir Path root;
  private final Random random = new Random(11);
  private final List<String> stored = new ArrayList<>();

  @Test
  void aFullDiskRefusesEventsOnEveryFaceHarmsNoReaderAndHealsWithoutARestart() throws Exception {
    try (MountedTmpfs disk = MountedTmpfs.mount(root.resolve("disk"), "64m")) {
      Path data = disk.root().resolve("log");
      try (HubProcess hub = start(data);
          Subscriber ws = Subscriber.overWebSocket(hub, "?type=" + TYPE);
          Subscriber sse = Subscriber.overSse(hub, "?type=" + TYPE)) {
        HubHttp http = new HubHttp(hub);
        await().until(() -> ws.count("reactor_connected") == 1);
        disk.fill("filler", 40 << 20);
        publishUntilRefused(http);
        disk.fillUp("rest");

        assertRefusedOnEveryFace(hub, http);
        assertReadersAreWell(hub, http, List.of(ws, sse));

        disk.free("filler", "rest");
        publishUntilStored(http, "healed");
        await()
            .atMost(HEALED_WITHIN)
            .untilAsserted(
                () -> {
                  assertThat(http.readiness()).isEqualTo(200);
                  assertThat(ws.ids(TYPE)).isEqualTo(stored);
                  assertThat(sse.ids(TYPE)).isEqualTo(stored);
                });
        assertThat(http.historyIds(TYPE)).isEqualTo(stored);
        hub.kill();
      }
      try (HubProcess hub = start(data)) {
        HubHttp http = new HubHttp(hub);
        assertThat(http.historyIds(TYPE)).isEqualTo(stored);
        publishUntilStored(http, "after-the-restart");
        assertThat(http.historyIds(TYPE)).isEqualTo(stored);
      }
    }
  }

  private static HubProcess start(Path data) throws Exception {
    return HubProcess.start(
        data, "--set", "web.heartbeat=1s", "--set", "sources.host-metrics.interval=0");
  }

  private void publishUntilRefused(HubHttp http) throws Exception {
    for (int i = 0; ; i++) {
      HubHttp.Answer answer = http.publish(event("e" + i));
      if (answer.status() != 200) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(507);
        return;
      }
      stored.add("e" + i);
    }
  }

  private void publishUntilStored(HubHttp http, String id) {
    String event = event(id);
    await().atMost(HEALED_WITHIN).until(() -> http.publish(event).status() == 200);
    stored.add(id);
  }

  private void assertRefusedOnEveryFace(HubProcess hub, HubHttp http) throws Exception {
    HubHttp.Answer single = http.publish(event("single"));
    assertThat(single.status()).as(single.toString()).isEqualTo(507);
    assertThat(single.contentType()).startsWith("application/problem+json");
    assertThat(single.code()).isEqualTo("disk_full");
    HubHttp.Answer batch = http.publish("[" + event("batch-1") + "," + event("batch-2") + "]");
    assertThat(batch.status()).as(batch.toString()).isEqualTo(507);
    assertThat(batch.code()).isEqualTo("disk_full");

    try (Subscriber publisher = Subscriber.overWebSocket(hub, "?type=none")) {
      publisher.send("{\"type\":\"publish\",\"ref\":\"r1\",\"data\":" + event("ws") + "}");
      await().until(() -> publisher.count("reactor_error") == 1);
      assertThat(publisher.messages())
          .anyMatch(m -> m.path("data").path("code").asText().equals("disk_full"));
      assertThat(publisher.isEnded()).isFalse();
    }
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", hub.grpcPort()).usePlaintext().build();
    try {
      assertRefusedOverGrpc(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private void assertRefusedOverGrpc(ManagedChannel channel) throws Exception {
    PublishRequest request = PublishRequest.newBuilder().setEvent(newEvent("unary")).build();
    StatusRuntimeException unary =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> HubServiceGrpc.newBlockingStub(channel).publish(request));
    assertDiskFull(unary);

    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    StreamObserver<PublishStreamRequest> stream =
        HubServiceGrpc.newStub(channel).publishStream(new EndOf(ended));
    stream.onNext(PublishStreamRequest.newBuilder().setEvent(newEvent("stream")).build());
    assertDiskFull((StatusRuntimeException) ended.get(60, TimeUnit.SECONDS));
  }

  private static void assertDiskFull(StatusRuntimeException failure) throws Exception {
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    ErrorInfo info =
        Objects.requireNonNull(StatusProto.fromThrowable(failure))
            .getDetails(0)
            .unpack(ErrorInfo.class);
    assertThat(info.getReason()).isEqualTo("disk_full");
  }

  private void assertReadersAreWell(HubProcess hub, HubHttp http, List<Subscriber> live)
      throws Exception {
    await()
        .untilAsserted(
            () -> {
              // A small write of the hub's own may find room where this one does not.
              assertThat(http.publish(event("asked-again")).code()).isEqualTo("disk_full");
              assertThat(http.readiness()).isEqualTo(503);
              assertThat(http.get("/ws/health").status()).isEqualTo(503);
            });
    assertThat(http.get("/observe/health/live").status()).isEqualTo(200);
    assertThat(http.historyIds(TYPE)).isEqualTo(stored);
    String second = http.history(TYPE).get(1).get("seq").asText();
    String after = http.get("/api/v1/events?limit=1").body().get("epoch").asText() + "." + second;
    String query = "?type=" + TYPE + "&after=" + after;
    try (Subscriber ws = Subscriber.overWebSocket(hub, query);
        Subscriber sse = Subscriber.overSse(hub, query)) {
      List<String> missed = stored.subList(2, stored.size());
      await().untilAsserted(() -> assertThat(ws.ids(TYPE)).isEqualTo(missed));
      await().untilAsserted(() -> assertThat(sse.ids(TYPE)).isEqualTo(missed));
    }
    long heartbeats = live.getFirst().count("reactor_position");
    await().until(() -> live.getFirst().count("reactor_position") > heartbeats);
    for (Subscriber subscriber : live) {
      assertThat(subscriber.isEnded()).isFalse();
      assertThat(subscriber.ids(TYPE)).isEqualTo(stored);
    }
  }

  private String event(String id) {
    return "{\"type\":\"" + TYPE + "\",\"id\":\"" + id + "\",\"data\":" + data() + "}";
  }

  private NewEvent newEvent(String id) {
    return NewEvent.newBuilder().setType(TYPE).setId(id).setDataJson(data()).build();
  }

  private String data() {
    byte[] bytes = new byte[DATA_BYTES];
    random.nextBytes(bytes);
    return '"' + HexFormat.of().formatHex(bytes) + '"';
  }

  private record EndOf(CompletableFuture<Throwable> ended)
      implements StreamObserver<PublishStreamResponse> {
    @Override
    public void onNext(PublishStreamResponse response) {
      ended.completeExceptionally(new AssertionError("acknowledged: " + response));
    }

    @Override
    public void onError(Throwable failure) {
      ended.complete(failure);
    }

    @Override
    public void onCompleted() {
      ended.completeExceptionally(new AssertionError("completed"));
    }
  }
}
