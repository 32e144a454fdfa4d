package dev.reactorhub.grpc;

import com.google.protobuf.util.Durations;
import dev.reactorhub.consumer.ConsumerClient;
import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.consumer.Handed;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.v1.Acknowledge;
import dev.reactorhub.v1.Acknowledged;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.ConsumerPosition;
import dev.reactorhub.v1.ConsumerRole;
import dev.reactorhub.v1.Extend;
import dev.reactorhub.v1.GoingAway;
import dev.reactorhub.v1.Open;
import dev.reactorhub.v1.Opened;
import dev.reactorhub.v1.Reject;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Filters;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import dev.reactorhub.wire.ProtoEvents;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a durable consumer, all of it on the thread of its connection, which alone moves
 * the bytes. Sends while the transport is ready to take it. What has to wait, to open, waits
 * elsewhere; meanwhile nothing of what the client says is heard.
 */
final class ConsumeStream implements HeldStream, StreamObserver<Received<ConsumeRequest>> {
  /** How long acknowledgements are taken after the client was told to go. */
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** With the transport of one stream: while it writes one message, others are made ready. */
  private static final int QUEUED_BYTES_MAX = 4 * GrpcSettings.BATCH_BYTES_MAX;

  private final Parts parts;
  private final ServerCallStreamObserver<PreparedResponse> out;
  private final String address;
  private final Sessions.Ticket ticket;
  private final Connection connection = Connection.current();
  private final Executor thread = connection.thread();
  private final WakeUp wakeUp = new WakeUp(thread, this::run);

  // All below is touched by the connection's thread alone.

  /** Null: not open. */
  private @Nullable ConsumerClient client;

  /** Sent first. */
  private Opened opened = Opened.getDefaultInstance();

  private boolean isOpening;
  private boolean isOpenedSent;

  /** The client has ended its side while it was being opened. */
  private boolean isHalfClosed;

  private boolean isPositionDue;
  private boolean isGoodbyeSaid;
  private long saidGoodbyeAtNanos;
  private boolean isFinishing;

  /** What is told last; null: not known yet. */
  private @Nullable Handed last;

  private boolean isOver;
  private @Nullable Farewell farewell;
  private @Nullable Problem failure;
  private long sentAtNanos = System.nanoTime();

  /** Why and when the client has to go. */
  private record Farewell(Problem why, Duration delay) {}

  /** What streams share. */
  record Parts(Consumers consumers, ConsumeRequests requests, HeldStreams streams) {}

  ConsumeStream(
      Parts parts,
      ServerCallStreamObserver<PreparedResponse> out,
      String address,
      Sessions.Ticket ticket) {
    this.parts = parts;
    this.out = out;
    this.address = address;
    this.ticket = ticket;
  }

  /** Begins to listen. */
  void begin() {
    out.setOnCancelHandler(this::close);
    out.setOnReadyThreshold(QUEUED_BYTES_MAX);
    out.setOnReadyHandler(this::run);
    out.disableAutoRequest();
    out.request(1);
    parts.streams().add(this);
    connection.add(this);
  }

  private void fail(Problem problem) {
    failure = problem;
    run();
  }

  @Override
  public void onNext(Received<ConsumeRequest> request) {
    if (failure == null && !isOver && !isFinishing) {
      try {
        hear(request.message());
      } catch (RuntimeException e) { // the call's top
        fail(Failures.problem(e));
      }
    }
    if (!isOpening) {
      out.request(1);
    }
  }

  @Override
  public void onError(Throwable cancelled) {
    close();
  }

  @Override
  public void onCompleted() {
    if (isOpening) {
      isHalfClosed = true;
    } else {
      finish();
    }
  }

  private void hear(ConsumeRequest request) {
    ConsumerClient opener = client;
    if (request.getFrameCase() == ConsumeRequest.FrameCase.OPEN) {
      if (opener != null) {
        throw invalid("the stream is open: open may only be the first frame");
      }
      open(request.getOpen());
      return;
    }
    if (opener == null) {
      throw invalid("the first frame must be open");
    }
    switch (request.getFrameCase()) {
      case CREDIT ->
          grant(
              opener,
              ProblemException.at("credit", () -> parts.requests().window(request.getCredit())));
      case ACKNOWLEDGE -> requireTaken(acknowledge(opener, request.getAcknowledge()));
      case REJECT -> requireTaken(reject(opener, request.getReject()));
      case EXTEND -> requireTaken(extend(opener, request.getExtend()));
      case FRAME_NOT_SET -> throw invalid("a frame must be of a kind that the hub knows");
      case OPEN -> throw new IllegalStateException("open was dealt with before");
    }
  }

  private void open(Open open) {
    Consumers.Opening opening = ProblemException.at("open", () -> parts.requests().opening(open));
    ConsumeRequests.Window window =
        ProblemException.at("open.credit", () -> parts.requests().window(open.getCredit()));
    ConsumerClient.Peer peer = new ConsumerClient.Peer(address, wakeUp::wake);
    isOpening = true;
    var _ =
        CompletableFuture.supplyAsync(
                () -> parts.consumers().open(opening, peer), parts.streams().waiters())
            .whenCompleteAsync(
                (result, unforeseen) -> {
                  isOpening = false;
                  switch (result) {
                    case null -> fail(Failures.problem(unforeseen));
                    case Consumers.Result.Opened done ->
                        attempt(() -> opened(done, opening, window));
                    default ->
                        fail(ConsumerMessages.problem(result, opening.name().value()).problem());
                  }
                  out.request(1);
                },
                thread);
  }

  private void opened(
      Consumers.Result.Opened done, Consumers.Opening opening, ConsumeRequests.Window window) {
    ConsumerClient mine = done.client();
    if (isOver) {
      mine.close();
      return;
    }
    client = mine;
    opened = ConsumerMessages.opened(done, mine.isActive(), opening.ackDeadline());
    grant(mine, window);
    run();
    if (isHalfClosed) {
      finish();
    }
  }

  private static void grant(ConsumerClient to, ConsumeRequests.Window window) {
    to.credit(window.eventsMax(), window.bytesMax());
  }

  private static ConsumerClient.Answer acknowledge(ConsumerClient by, Acknowledge sent) {
    Position through =
        sent.getThrough().isEmpty()
            ? null
            : ProblemException.at("acknowledge.through", () -> Filters.position(sent.getThrough()));
    return by.acknowledge(sent.getSeqsList(), through, sent.getRef());
  }

  private ConsumerClient.Answer reject(ConsumerClient by, Reject sent) {
    if (sent.getSeqsCount() == 0) {
      throw invalid("reject must name one seq or more");
    }
    return by.reject(
        sent.getSeqsList(),
        ConsumeRequests.error(sent.getError()),
        ProblemException.at("reject", () -> parts.requests().delay(sent.getDelay())));
  }

  private ConsumerClient.Answer extend(ConsumerClient by, Extend sent) {
    Duration deadline =
        sent.hasAckDeadline()
            ? ProblemException.at(
                "extend", () -> parts.requests().ackDeadline(sent.getAckDeadline()))
            : Duration.ofNanos(Durations.toNanos(opened.getAckDeadline()));
    return by.extend(sent.getSeqsList(), deadline);
  }

  private static void requireTaken(ConsumerClient.Answer answer) {
    switch (answer) {
      case ConsumerClient.Answer.Taken taken -> {}
      case ConsumerClient.Answer.Invalid invalid ->
          throw new ProblemException(ErrorCode.INVALID_ACK, invalid.detail());
    }
  }

  private static ProblemException invalid(String message) {
    return new ProblemException(ErrorCode.INVALID_REQUEST, message);
  }

  @Override
  public void tick() {
    thread.execute(this::look);
  }

  private void look() {
    long nowNanos = System.nanoTime();
    long silentNanos = nowNanos - sentAtNanos;
    Duration noProgress = parts.streams().settings().noProgressMax();
    if (isGoodbyeSaid && nowNanos - saidGoodbyeAtNanos >= DRAIN_NANOS) {
      finish();
    } else if (client == null && silentNanos >= noProgress.toNanos()) {
      fail(Problem.of(ErrorCode.NO_PROGRESS, "the stream was not opened for " + noProgress));
    } else if (out.isReady()) {
      isPositionDue |= silentNanos >= parts.streams().settings().heartbeat().toNanos();
      run();
    } else if (silentNanos >= noProgress.toNanos()) {
      fail(
          Problem.of(
              ErrorCode.NO_PROGRESS, "the consumer's client took nothing for " + noProgress));
    }
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
    attempt(this::sendPending);
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) { // the task's top
      end(Failures.problem(e));
    }
  }

  private void sendPending() {
    Problem failed = failure;
    ConsumerClient from = client;
    if (isOver) {
      return;
    }
    if (failed != null) {
      end(failed);
    } else if (from == null) {
      leaveUnopened();
    } else {
      sendPending(from);
    }
  }

  private void leaveUnopened() {
    Farewell going = farewell;
    if (isFinishing) {
      complete();
    } else if (going != null) {
      end(GrpcErrors.exception(going.why(), going.delay()));
    }
  }

  private void sendPending(ConsumerClient from) {
    if (!isOpenedSent) {
      isOpenedSent = true;
      send(ConsumeResponse.newBuilder().setOpened(opened));
    }
    Farewell going = farewell;
    if (going != null && !isGoodbyeSaid) {
      sayGoodbye(from, going.delay());
    }
    boolean isMore = true;
    while (isMore && !isOver && !isFinishing && failure == null) {
      isMore = out.isReady() && sendNext(from);
    }
    if (isGoodbyeSaid && from.outstanding() == 0) {
      finish();
    }
    Handed ended = last;
    if (ended != null && !isOver) {
      sendLast(ended);
    } else if (isPositionDue && !isOver && !isFinishing) {
      isPositionDue = false;
      ConsumerPosition position =
          ConsumerPosition.newBuilder().setPosition(from.tellPosition().toString()).build();
      send(ConsumeResponse.newBuilder().setPosition(position));
    }
  }

  /** Returns false when nothing is pending. */
  private boolean sendNext(ConsumerClient from) {
    switch (from.take(GrpcSettings.BATCH_BYTES_MAX)) {
      case Handed.Events events -> send(PreparedResponse.ofDeliveries(events.deliveries()));
      case Handed.Gap gap -> send(ConsumeResponse.newBuilder().setGap(ProtoEvents.gap(gap.gap())));
      case Handed.Role role ->
          send(
              ConsumeResponse.newBuilder()
                  .setRole(ConsumerRole.newBuilder().setActive(role.isActive())));
      case Handed.Acknowledged acknowledged -> send(acknowledged);
      case Handed.Ended ended -> end(problem(ended.ending()));
      case Handed.Nothing nothing -> {
        return false;
      }
    }
    return true;
  }

  private void sayGoodbye(ConsumerClient from, Duration delay) {
    from.drain();
    saidGoodbyeAtNanos = System.nanoTime();
    isGoodbyeSaid = true;
    send(
        ConsumeResponse.newBuilder()
            .setGoingAway(
                GoingAway.newBuilder()
                    .setPosition(from.tellPosition().toString())
                    .setReconnectAfter(Durations.fromNanos(delay.toNanos()))));
  }

  private void send(Handed.Acknowledged acknowledged) {
    send(
        ConsumeResponse.newBuilder()
            .setAcknowledged(
                Acknowledged.newBuilder()
                    .setRef(acknowledged.ref())
                    .setPosition(acknowledged.position().toString())));
  }

  private void send(ConsumeResponse.Builder response) {
    send(PreparedResponse.of(response.build()));
  }

  private void send(PreparedResponse response) {
    sentAtNanos = System.nanoTime();
    out.onNext(response);
  }

  private static Problem problem(Handed.Ending ending) {
    return switch (ending) {
      case Handed.Ending.Reset reset ->
          Problem.of(ErrorCode.CONSUMER_RESET, "the consumer's cursor was moved: open again");
      case Handed.Ending.Deleted deleted ->
          Problem.of(ErrorCode.CONSUMER_NOT_FOUND, "the consumer was deleted");
      case Handed.Ending.Failed failed -> Failures.problem(failed.cause());
    };
  }

  /** Leaves in order: the last acknowledgement is told once it is durable. */
  private void finish() {
    ConsumerClient leaving = client;
    if (isFinishing || isOver) {
      return;
    }
    isFinishing = true;
    if (leaving == null) {
      run();
      return;
    }
    var _ =
        leaving
            .finish()
            .thenAcceptAsync(
                ended -> {
                  last = ended;
                  run();
                },
                thread);
  }

  private void sendLast(Handed ended) {
    if (ended instanceof Handed.Acknowledged acknowledged) {
      send(acknowledged);
    }
    if (ended instanceof Handed.Ended(Handed.Ending why)) {
      end(problem(why));
    } else {
      complete();
    }
  }

  private void complete() {
    out.onCompleted();
    close();
  }

  private void end(Problem problem) {
    end(GrpcErrors.exception(problem));
  }

  private void end(StatusRuntimeException status) {
    if (!isOver) {
      out.onError(status);
      close();
    }
  }

  /** The call is over, for whatever reason. Idempotent. */
  private void close() {
    isOver = true;
    parts.streams().remove(this);
    connection.remove(this);
    if (client != null) {
      client.close();
    }
    ticket.close();
  }
}
