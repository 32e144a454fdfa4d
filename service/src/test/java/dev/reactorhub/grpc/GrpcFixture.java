package dev.reactorhub.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.reactorhub.consumer.ConsumerSettings;
import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.HubSettings;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.log.memory.LogWithHoles;
import dev.reactorhub.log.memory.MemoryEventLog;
import dev.reactorhub.v1.EventBatch;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishResponse;
import dev.reactorhub.v1.Start;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import dev.reactorhub.wire.EventEncoding;
import dev.reactorhub.wire.Publishing;
import dev.reactorhub.wire.WireLimits;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The gRPC face over a log in memory, and a channel to it. */
final class GrpcFixture implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  final MemoryEventLog log;
  final Hub hub;
  final GrpcFace face;
  final Sessions sessions;
  final Consumers consumers;
  final ManagedChannel channel;

  GrpcFixture(Duration heartbeat, int sessionsMax, long retentionEvents) {
    InstantSource clock = InstantSource.fixed(NOW);
    this.log = LogWithHoles.open(retentionEvents, clock);
    this.hub = new Hub(log, new EventEncoding(), new HubSettings(64, 8 << 20, 2));
    this.sessions = new Sessions(sessionsMax, sessionsMax);
    this.consumers =
        new Consumers(Consumers.Parts.of(hub, log.cursors(), clock), ConsumerSettings.DEFAULTS);
    consumers.start();
    WireLimits limits = new WireLimits(1 << 20, 100, 4, 4, 50);
    this.face =
        new GrpcFace(
            new GrpcSettings("127.0.0.1", 0, 100, heartbeat, Duration.ofSeconds(30), limits),
            new GrpcFace.Parts(
                hub, new Publishing(hub, limits, clock), sessions, consumers, "1.2.3"));
    face.start();
    this.channel =
        NettyChannelBuilder.forAddress("127.0.0.1", face.port())
            .usePlaintext()
            .maxInboundMessageSize(64 << 20)
            .build();
  }

  static GrpcFixture ofDefaults() {
    return new GrpcFixture(Duration.ofSeconds(25), 10, 0);
  }

  HubServiceGrpc.HubServiceBlockingStub blocking() {
    return HubServiceGrpc.newBlockingStub(channel);
  }

  PublishResponse publish(NewEvent.Builder event) {
    return blocking().publish(PublishRequest.newBuilder().setEvent(event).build());
  }

  PublishResponse publish(String channelName, String type) {
    return publish(NewEvent.newBuilder().setChannel(channelName).setType(type));
  }

  /** Has 1 and 3 removed by the rule for brief channels; 2 and 4, then 5 and 6, are kept. */
  void makeAHole() {
    LogWithHoles.makeAHole(log, this::publish);
  }

  String position(long seq) {
    return log.range().epoch() + "." + seq;
  }

  Reader subscribe(Filter.Builder filter, Start.Builder start) {
    Reader reader = new Reader();
    reader.cancellation.run(
        () ->
            HubServiceGrpc.newStub(channel)
                .subscribe(
                    SubscribeRequest.newBuilder().setFilter(filter).setStart(start).build(),
                    reader));
    return reader;
  }

  /** The code of the hub's own table, and checks that it is told as it should be. */
  static ErrorInfo errorInfo(Throwable failure) {
    com.google.rpc.Status status =
        Objects.requireNonNull(StatusProto.fromThrowable((StatusRuntimeException) failure));
    try {
      return status.getDetails(0).unpack(ErrorInfo.class);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    face.stop();
    consumers.close();
    log.close();
  }

  /** Writes down the frames of a subscription. */
  static final class Reader implements StreamObserver<SubscribeResponse> {
    final Context.CancellableContext cancellation = Context.current().withCancellation();
    final List<String> told = new CopyOnWriteArrayList<>();
    volatile @Nullable Throwable failure;
    volatile boolean isCompleted;

    @Override
    public void onNext(SubscribeResponse frame) {
      switch (frame.getFrameCase()) {
        case BATCH -> {
          EventBatch batch = frame.getBatch();
          batch.getEventsList().forEach(event -> told.add(Long.toString(event.getSeq())));
        }
        case CAUGHT_UP -> told.add("caught up " + seq(frame.getCaughtUp().getPosition()));
        case GAP ->
            told.add(
                "gap "
                    + seq(frame.getGap().getFrom())
                    + "-"
                    + seq(frame.getGap().getTo())
                    + " "
                    + frame.getGap().getReason());
        case LAGGING -> told.add("lagging");
        case HEARTBEAT -> told.add("heartbeat " + seq(frame.getHeartbeat().getPosition()));
        case GOING_AWAY -> told.add("going away " + seq(frame.getGoingAway().getPosition()));
        case FRAME_NOT_SET -> told.add("nothing");
      }
    }

    @Override
    public void onError(Throwable ended) {
      failure = ended;
    }

    @Override
    public void onCompleted() {
      isCompleted = true;
    }

    private static String seq(String position) {
      return position.substring(position.indexOf('.') + 1);
    }
  }
}
