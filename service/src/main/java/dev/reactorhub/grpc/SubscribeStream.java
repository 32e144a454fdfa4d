package dev.reactorhub.grpc;

import com.google.protobuf.util.Durations;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Next;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.hub.Start;
import dev.reactorhub.hub.Subscription;
import dev.reactorhub.v1.CaughtUp;
import dev.reactorhub.v1.GoingAway;
import dev.reactorhub.v1.Heartbeat;
import dev.reactorhub.v1.Lagging;
import dev.reactorhub.v1.SubscribeResponse;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Filters;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProtoEvents;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One subscription over gRPC, all of it on the thread of its connection, which alone moves the
 * bytes: an event is sent without a change of threads. Sends while the transport is ready to take
 * it, so no event waits in memory for a slow client. Woken by the hub, by the transport being ready
 * again, or by the heartbeat. What must be read from the log is read elsewhere; meanwhile nothing
 * is sent.
 */
final class SubscribeStream implements HeldStream {
  /** With the transport of one stream: while it writes one message, others are made ready. */
  private static final int QUEUED_BYTES_MAX = 4 * GrpcSettings.BATCH_BYTES_MAX;

  private final HeldStreams streams;
  private final ServerCallStreamObserver<PreparedResponse> out;
  private final Sessions.Ticket ticket;
  private final Connection connection = Connection.current();
  private final Executor thread = connection.thread();
  private final WakeUp wakeUp = new WakeUp(thread, this::run);

  // All below is touched by the connection's thread alone.

  /** Null: not open. */
  private @Nullable Subscription subscription;

  /** False while the client catches up. */
  private boolean isLive;

  /** The log is being read for the client. */
  private boolean isReading;

  private boolean isOver;
  private boolean isPositionDue;
  private @Nullable Farewell farewell;
  private @Nullable Problem failure;
  private long sentAtNanos = System.nanoTime();

  /** Why and when the client has to go. */
  private record Farewell(Problem why, Duration delay) {}

  SubscribeStream(
      HeldStreams streams, ServerCallStreamObserver<PreparedResponse> out, Sessions.Ticket ticket) {
    this.streams = streams;
    this.out = out;
    this.ticket = ticket;
  }

  /** Begins to deliver, once the place to start at was found. */
  void open(Hub hub, EventFilter filter, Start start) {
    out.setOnCancelHandler(this::close);
    out.setOnReadyThreshold(QUEUED_BYTES_MAX);
    out.setOnReadyHandler(this::run);
    var _ =
        CompletableFuture.supplyAsync(
                () -> hub.subscribe(filter, start, wakeUp::wake), streams.waiters())
            .whenCompleteAsync(
                (result, unforeseen) -> {
                  switch (result) {
                    case null -> end(Failures.problem(unforeseen));
                    case Hub.SubscribeResult.Subscribed subscribed ->
                        attempt(
                            () -> begin(subscribed.subscription(), start instanceof Start.Latest));
                    case Hub.SubscribeResult.InFuture future ->
                        end(Filters.inFuture(future.head()).problem().at("start.after"));
                  }
                },
                thread);
  }

  /**
   * Delivers from now on.
   *
   * @param isLatest true: the client is told at once where it stands
   */
  private void begin(Subscription opened, boolean isLatest) {
    if (isOver) {
      opened.close();
      return;
    }
    subscription = opened;
    streams.add(this);
    isLive = isLatest;
    connection.add(this);
    if (isLatest) {
      send(
          SubscribeResponse.newBuilder()
              .setCaughtUp(CaughtUp.newBuilder().setPosition(opened.position().toString()))
              .build());
    }
    run();
  }

  /** The call is over, for whatever reason. Idempotent. */
  private void close() {
    isOver = true;
    streams.remove(this);
    connection.remove(this);
    if (subscription != null) {
      subscription.close();
    }
    ticket.close();
  }

  @Override
  public void tick() {
    thread.execute(this::look);
  }

  private void look() {
    long silentNanos = System.nanoTime() - sentAtNanos;
    if (out.isReady()) {
      isPositionDue |= silentNanos >= streams.settings().heartbeat().toNanos();
    } else if (silentNanos >= streams.settings().noProgressMax().toNanos()) {
      failure =
          Problem.of(
              ErrorCode.NO_PROGRESS,
              "the subscriber took nothing for " + streams.settings().noProgressMax());
    }
    run();
  }

  @Override
  public void goAway(Problem why, Duration delay) {
    thread.execute(
        () -> {
          if (farewell == null) {
            farewell = new Farewell(why, delay);
            run();
          }
        });
  }

  private void run() {
    Subscription from = subscription;
    if (from == null || isReading) {
      return; // It is run when it was opened, and when the log was read.
    }
    attempt(() -> sendPending(from));
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) { // the task's top
      end(Failures.problem(e));
    }
  }

  private void sendPending(Subscription from) {
    boolean isMore = true;
    while (isMore && !isOver) {
      Problem failed = failure;
      Farewell going = farewell;
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
    if (isPositionDue && !isOver && !isReading) {
      isPositionDue = false;
      send(
          SubscribeResponse.newBuilder()
              .setHeartbeat(Heartbeat.newBuilder().setPosition(from.position().toString()))
              .build());
    }
  }

  /** Returns false when nothing is pending that is held in memory. */
  private boolean sendNext(Subscription from) {
    Next next = from.pollHeld(GrpcSettings.BATCH_BYTES_MAX);
    if (next != null) {
      return send(next);
    }
    isReading = true;
    var _ = from.readBehind(GrpcSettings.BATCH_BYTES_MAX).whenCompleteAsync(this::sendRead, thread);
    return false;
  }

  private void sendRead(@Nullable Next next, @Nullable Throwable unreadable) {
    isReading = false;
    if (unreadable != null) {
      end(Failures.problem(unreadable));
    } else if (next != null && !isOver) {
      attempt(() -> send(next));
    }
    run();
  }

  /** Returns false when there was nothing to send. */
  private boolean send(Next next) {
    switch (next) {
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
    PreparedResponse response = streams.responses().of(events);
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
