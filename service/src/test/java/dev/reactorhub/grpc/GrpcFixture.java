package dev.reactorhub.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.reactorhub.consumer.ConsumerSettings;
import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.hub.EventEncoder;
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
import io.grpc.Channel;
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
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** Requests to publish that came as far as the log. */
  final AtomicInteger publishes = new AtomicInteger();

  /** What a fixture may differ in. */
  record Setup(
      Duration heartbeat,
      int sessionsMax,
      long retentionEvents,
      GrpcConnectionSettings connections,
      InstantSource logClock,
      EventEncoder encoder) {
    static Setup ofDefaults() {
      return new Setup(
          Duration.ofSeconds(25),
          10,
          0,
          GrpcConnectionSettings.DEFAULTS,
          InstantSource.fixed(NOW),
          new EventEncoding());
    }

    Setup with(GrpcConnectionSettings other) {
      return new Setup(heartbeat, sessionsMax, retentionEvents, other, logClock, encoder);
    }

    Setup with(InstantSource other) {
      return new Setup(heartbeat, sessionsMax, retentionEvents, connections, other, encoder);
    }

    Setup with(EventEncoder other) {
      return new Setup(heartbeat, sessionsMax, retentionEvents, connections, logClock, other);
    }

    GrpcFixture start() {
      return new GrpcFixture(this);
    }
  }

  GrpcFixture(Duration heartbeat, int sessionsMax, long retentionEvents) {
    this(
        new Setup(
            heartbeat,
            sessionsMax,
            retentionEvents,
            GrpcConnectionSettings.DEFAULTS,
            InstantSource.fixed(NOW),
            new EventEncoding()));
  }

  private GrpcFixture(Setup setup) {
    this.log = LogWithHoles.open(setup.retentionEvents(), setup.logClock());
    this.hub = new Hub(log, setup.encoder(), new HubSettings(64, 8 << 20, 2));
    this.sessions = new Sessions(setup.sessionsMax(), setup.sessionsMax());
    this.consumers =
        new Consumers(
            Consumers.Parts.of(hub, log.cursors(), setup.logClock()), ConsumerSettings.DEFAULTS);
    consumers.start();
    WireLimits limits = new WireLimits(1 << 20, 100, 4, 4, 50);
    this.face =
        new GrpcFace(
            new GrpcSettings(
                "127.0.0.1",
                0,
                100,
                setup.heartbeat(),
                Duration.ofSeconds(30),
                limits,
                setup.connections()),
            new GrpcFace.Parts(
                hub, new Publishing(hub, limits, this::publishedAt), sessions, consumers, "1.2.3"));
    face.start();
    this.channel = channel();
  }

  private Instant publishedAt() {
    publishes.incrementAndGet();
    return NOW;
  }

  static GrpcFixture ofDefaults() {
    return Setup.ofDefaults().start();
  }

  /** A channel of its own to the face; whoever asks for it shuts it down. */
  ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", face.port())
        .usePlaintext()
        .maxInboundMessageSize(64 << 20)
        .build();
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
    return subscribe(channel, filter, start);
  }

  static Reader subscribe(Channel channel, Filter.Builder filter, Start.Builder start) {
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
    return detail(failure, ErrorInfo.class).orElseThrow();
  }

  /** When the client is asked to come back, if it is. */
  static Optional<Duration> retryDelay(Throwable failure) {
    return detail(failure, RetryInfo.class)
        .map(info -> Duration.ofNanos(Durations.toNanos(info.getRetryDelay())));
  }

  /** The fields at fault. */
  static List<String> faultyFields(Throwable failure) {
    return detail(failure, BadRequest.class).stream()
        .flatMap(request -> request.getFieldViolationsList().stream())
        .map(BadRequest.FieldViolation::getField)
        .toList();
  }

  private static <M extends Message> Optional<M> detail(Throwable failure, Class<M> type) {
    com.google.rpc.Status status =
        Objects.requireNonNull(StatusProto.fromThrowable((StatusRuntimeException) failure));
    try {
      for (Any detail : status.getDetailsList()) {
        if (detail.is(type)) {
          return Optional.of(detail.unpack(type));
        }
      }
      return Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    face.stop(Duration.ofSeconds(5));
    consumers.close();
    log.close();
  }

  /** Writes down the frames of a subscription. */
  static final class Reader implements StreamObserver<SubscribeResponse> {
    final Context.CancellableContext cancellation = Context.current().withCancellation();
    final List<String> told = new CopyOnWriteArrayList<>();
    volatile @Nullable Duration reconnectAfter;
    volatile @Nullable Throwable failure;

    /** The call is over, well or not. */
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
        case GOING_AWAY -> {
          told.add("going away " + seq(frame.getGoingAway().getPosition()));
          reconnectAfter =
              Duration.ofNanos(Durations.toNanos(frame.getGoingAway().getReconnectAfter()));
        }
        case FRAME_NOT_SET -> told.add("nothing");
      }
    }

    @Override
    public void onError(Throwable ended) {
      failure = ended;
      isCompleted = true;
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
