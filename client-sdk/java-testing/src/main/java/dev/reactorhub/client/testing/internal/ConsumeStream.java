package dev.reactorhub.client.testing.internal;

import dev.reactorhub.client.testing.Refusal;
import dev.reactorhub.client.testing.Rejection;
import dev.reactorhub.v1.Acknowledge;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.Delivery;
import dev.reactorhub.v1.Open;
import dev.reactorhub.v1.Reject;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client's stream of Consume. What it hears it does under the lock of {@link FakeHubState}. */
final class ConsumeStream implements StreamObserver<ConsumeRequest> {
  private static final com.google.protobuf.Duration ACK_DEADLINE =
      com.google.protobuf.Duration.newBuilder().setSeconds(30).build();

  private final FakeHubState state;
  private final ServerCallStreamObserver<ConsumeResponse> out;

  // Guarded by the lock.

  private @Nullable FakeConsumer consumer;
  private int credit;
  private long newestSeq;

  ConsumeStream(FakeHubState state, ServerCallStreamObserver<ConsumeResponse> out) {
    this.state = state;
    this.out = out;
    out.setOnCancelHandler(() -> state.locked(() -> leave(true)));
  }

  @Override
  public void onNext(ConsumeRequest frame) {
    state.locked(
        () -> {
          try {
            take(frame);
          } catch (StatusRuntimeException e) {
            end(e);
          }
          state.serve();
        });
  }

  private void take(ConsumeRequest frame) {
    FakeConsumer open = consumer;
    if (frame.hasOpen() != (open == null)) {
      throw HubErrors.of(Refusal.of("invalid_request"));
    }
    if (open == null) {
      open(frame.getOpen());
      return;
    }
    switch (frame.getFrameCase()) {
      case CREDIT -> credit = frame.getCredit().getEventsMax();
      case ACKNOWLEDGE -> acknowledge(open, frame.getAcknowledge());
      case REJECT -> reject(open, frame.getReject());
      case EXTEND -> open.extended();
      case OPEN, FRAME_NOT_SET -> throw HubErrors.of(Refusal.of("invalid_request"));
    }
  }

  private void open(Open open) {
    boolean isNew = state.consumer(open.getConsumer()) == null;
    FakeConsumer found = state.openConsumer(open);
    consumer = found;
    credit = open.getCredit().getEventsMax();
    found.join(this);
    ConsumeResponse.Builder frame = ConsumeResponse.newBuilder();
    frame
        .getOpenedBuilder()
        .setPosition(found.position())
        .setCreated(isNew)
        .setActive(found.isActive(this))
        .setDefinition(found.definition())
        .setAckDeadline(open.hasAckDeadline() ? open.getAckDeadline() : ACK_DEADLINE);
    send(frame);
    if (found.gap() != null) {
      send(ConsumeResponse.newBuilder().setGap(found.gap()));
    }
  }

  private void acknowledge(FakeConsumer of, Acknowledge frame) {
    frame.getSeqsList().forEach(this::requireGiven);
    frame.getSeqsList().forEach(of::acknowledge);
    if (!frame.getThrough().isEmpty()) {
      of.acknowledgeThrough(this, state.log().after(frame.getThrough()).seq());
    }
    if (frame.getRef() > 0) {
      ConsumeResponse.Builder answer = ConsumeResponse.newBuilder();
      answer.getAcknowledgedBuilder().setRef(frame.getRef()).setPosition(of.position());
      send(answer);
    }
  }

  private void reject(FakeConsumer of, Reject frame) {
    Duration delay = Duration.ofSeconds(frame.getDelay().getSeconds(), frame.getDelay().getNanos());
    for (long seq : frame.getSeqsList()) {
      requireGiven(seq);
      of.reject(this, seq, new Rejection(seq, delay, frame.getError()));
    }
  }

  private void requireGiven(long seq) {
    if (seq > newestSeq) {
      throw HubErrors.of(
          new Refusal(
              "invalid_ack",
              "INVALID_ARGUMENT",
              "seq " + seq + " was not given out on this stream",
              java.util.Optional.empty()));
    }
  }

  @Override
  public void onError(Throwable failure) {
    state.locked(() -> leave(true));
  }

  @Override
  public void onCompleted() {
    state.locked(
        () -> {
          leave(false);
          if (!out.isCancelled()) {
            out.onCompleted();
          }
        });
  }

  private void leave(boolean isFailure) {
    FakeConsumer left = consumer;
    consumer = null;
    if (left != null) {
      left.leave(this, isFailure);
      state.serve();
    }
  }

  // Under the lock.

  int credit() {
    return out.isCancelled() ? 0 : credit;
  }

  void give(Delivery delivery) {
    newestSeq = Math.max(newestSeq, delivery.getEvent().getSeq());
    ConsumeResponse.Builder frame = ConsumeResponse.newBuilder();
    frame.getBatchBuilder().addDeliveries(delivery);
    send(frame);
  }

  void tellRole(boolean isActive) {
    ConsumeResponse.Builder frame = ConsumeResponse.newBuilder();
    frame.getRoleBuilder().setActive(isActive);
    send(frame);
  }

  void send(ConsumeResponse.Builder frame) {
    if (!out.isCancelled()) {
      out.onNext(frame.build());
    }
  }

  /** Ends the stream; what it had goes to others. */
  void end(StatusRuntimeException cause) {
    if (!out.isCancelled()) {
      out.onError(cause);
    }
    leave(false);
  }
}
