package dev.reactorhub.grpc;

import com.google.protobuf.util.Durations;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Next;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.hub.Subscription;
import dev.reactorhub.v1.CaughtUp;
import dev.reactorhub.v1.GoingAway;
import dev.reactorhub.v1.Heartbeat;
import dev.reactorhub.v1.Lagging;
import dev.reactorhub.v1.SubscribeResponse;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProtoEvents;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One subscription over gRPC. Whatever is to be sent is sent by one task at a time, while the
 * transport is ready to take it; so no event waits in memory for a slow client. Started by the
 * hub's wake-up, by the transport being ready again, or by the heartbeat.
 */
final class SubscribeStream implements HeldStream {
  /** With the transport of one stream: while it writes one message, another is made ready. */
  private static final int QUEUED_BYTES_MAX = 2 * GrpcSettings.BATCH_BYTES_MAX;

  private final SubscribeStreams streams;
  private final ServerCallStreamObserver<PreparedResponse> out;
  private final Sessions.Ticket ticket;
  private final Connection connection = Connection.current();

  /** Set before the stream is woken for the first time. */
  private @Nullable Subscription subscription;

  /** More than 0 while the sending task runs; each wake-up adds one. */
  private final AtomicInteger wakeUps = new AtomicInteger();

  /** False while the client catches up. Touched by the sending task. */
  private boolean isLive;

  private volatile boolean isOver;
  private volatile boolean isPositionDue;
  private final AtomicReference<@Nullable Farewell> farewell = new AtomicReference<>();
  private volatile @Nullable Problem failure;
  private volatile long sentAtNanos = System.nanoTime();

  /** Why and when the client has to go. */
  private record Farewell(Problem why, Duration delay) {}

  SubscribeStream(
      SubscribeStreams streams,
      ServerCallStreamObserver<PreparedResponse> out,
      Sessions.Ticket ticket) {
    this.streams = streams;
    this.out = out;
    this.ticket = ticket;
  }

  /**
   * Begins to deliver.
   *
   * @param isLatest true: the client is told at once where it stands
   */
  void open(Subscription opened, boolean isLatest) {
    subscription = opened;
    out.setOnReadyThreshold(QUEUED_BYTES_MAX);
    out.setOnReadyHandler(this::wake);
    streams.add(this);
    isLive = isLatest;
    connection.add(this);
    if (isLatest) {
      send(
          SubscribeResponse.newBuilder()
              .setCaughtUp(CaughtUp.newBuilder().setPosition(opened.position().toString()))
              .build());
    }
    wake();
  }

  /** The call is over, for whatever reason. Idempotent. */
  void close() {
    isOver = true;
    streams.remove(this);
    connection.remove(this);
    if (subscription != null) {
      subscription.close();
    }
    ticket.close();
  }

  /** Makes sure that what is pending is sent. Any thread; returns at once. */
  void wake() {
    if (wakeUps.getAndIncrement() == 0) {
      streams.senders().execute(this::run);
    }
  }

  @Override
  public void tick(long nowNanos) {
    long silentNanos = nowNanos - sentAtNanos;
    if (out.isReady()) {
      if (silentNanos >= streams.settings().heartbeat().toNanos()) {
        isPositionDue = true;
        wake();
      }
    } else if (silentNanos >= streams.settings().noProgressMax().toNanos()) {
      failure =
          Problem.of(
              ErrorCode.NO_PROGRESS,
              "the subscriber took nothing for " + streams.settings().noProgressMax());
      wake();
    }
  }

  @Override
  public void goAway(Problem why, Duration delay) {
    if (farewell.compareAndSet(null, new Farewell(why, delay))) {
      wake();
    }
  }

  private void run() {
    int seen;
    do {
      seen = wakeUps.get();
      try {
        sendPending(Objects.requireNonNull(subscription));
      } catch (RuntimeException e) { // the task's top
        end(Failures.problem(e));
      }
    } while (!wakeUps.compareAndSet(seen, 0));
  }

  private void sendPending(Subscription from) {
    boolean isMore = true;
    while (isMore && !isOver) {
      Problem failed = failure;
      Farewell going = farewell.get();
      if (failed != null) {
        end(failed);
      } else if (going != null) {
        sayGoodbye(from, going);
      } else if (out.isReady()) {
        isMore = sendNext(from);
      } else {
        return; // The transport says when it is ready again.
      }
    }
    if (isPositionDue && !isOver) {
      isPositionDue = false;
      send(
          SubscribeResponse.newBuilder()
              .setHeartbeat(Heartbeat.newBuilder().setPosition(from.position().toString()))
              .build());
    }
  }

  /** Returns false when nothing is pending. */
  private boolean sendNext(Subscription from) {
    switch (from.poll(GrpcSettings.BATCH_BYTES_MAX)) {
      case Next.Events events -> send(events.events());
      case Next.Gap gap ->
          send(SubscribeResponse.newBuilder().setGap(ProtoEvents.gap(gap)).build());
      case Next.Lagging lagging -> {
        isLive = false;
        send(
            SubscribeResponse.newBuilder()
                .setLagging(
                    Lagging.newBuilder()
                        .setPosition(lagging.position().toString())
                        .setHead(lagging.head().toString()))
                .build());
      }
      case Next.CaughtUp caughtUp -> {
        isLive = true;
        send(
            SubscribeResponse.newBuilder()
                .setCaughtUp(CaughtUp.newBuilder().setPosition(caughtUp.position().toString()))
                .build());
      }
      case Next.Nothing nothing -> {
        return false;
      }
    }
    return true;
  }

  private void sayGoodbye(Subscription from, Farewell going) {
    send(
        SubscribeResponse.newBuilder()
            .setGoingAway(
                GoingAway.newBuilder()
                    .setPosition(from.position().toString())
                    .setReconnectAfter(Durations.fromNanos(going.delay().toNanos())))
            .build());
    out.onError(GrpcErrors.exception(going.why(), going.delay()));
    close();
  }

  private void end(Problem problem) {
    if (!isOver) {
      out.onError(GrpcErrors.exception(problem));
      close();
    }
  }

  private void send(List<EncodedEvent> events) {
    PreparedResponse response = PreparedResponse.of(events);
    send(response);
    streams.figures().delivered(events.size(), response.length());
    if (isLive) {
      streams.figures().written(events.getLast().committedAtNanos(), sentAtNanos);
    }
  }

  private void send(SubscribeResponse response) {
    send(PreparedResponse.of(response));
  }

  private void send(PreparedResponse response) {
    sentAtNanos = System.nanoTime();
    out.onNext(response);
  }
}
