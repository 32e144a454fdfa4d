package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumeResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of Consume. What comes in is bounded by the credit it grants. Its methods are called
 * under the lock of its consumer, one at a time.
 */
final class ConsumeCall implements ClientResponseObserver<ConsumeRequest, ConsumeResponse> {

  /** Whom a call tells what comes in; on threads of the transport, one call at a time. */
  interface Receiver {
    void received(ConsumeCall call, ConsumeResponse frame);

    /** The call is over, in order if there is no cause. */
    void ended(ConsumeCall call, @Nullable ReactorException cause);
  }

  private final HubConnection.Route route;
  private final Receiver receiver;

  /** Set by {@link #start}, before anybody else sees this object. */
  private @Nullable ClientCallStreamObserver<ConsumeRequest> requests;

  private boolean isHalfClosed;

  private ConsumeCall(HubConnection.Route route, Receiver receiver) {
    this.route = route;
    this.receiver = receiver;
  }

  static ConsumeCall start(HubConnection.Route route, Receiver receiver, ConsumerSpec spec) {
    ConsumeCall call = new ConsumeCall(route, receiver);
    var unused = route.consumerStub().consume(call);
    call.send(ConsumeRequest.newBuilder().setOpen(ConsumeWire.open(spec)));
    return call;
  }

  HubConnection.Route route() {
    return route;
  }

  void acknowledge(List<Long> seqs, long ref) {
    ConsumeRequest.Builder frame = ConsumeRequest.newBuilder();
    frame.getAcknowledgeBuilder().addAllSeqs(seqs).setRef(ref);
    send(frame);
  }

  void reject(List<Long> seqs, Duration delay, String error) {
    ConsumeRequest.Builder frame = ConsumeRequest.newBuilder();
    frame.getRejectBuilder().addAllSeqs(seqs).setDelay(Wire.toMessage(delay)).setError(error);
    send(frame);
  }

  void extend(List<Long> seqs) {
    ConsumeRequest.Builder frame = ConsumeRequest.newBuilder();
    frame.getExtendBuilder().addAllSeqs(seqs);
    send(frame);
  }

  /** Nothing more is wanted; what was sent before is dealt with, then the hub ends the call. */
  void halfClose() {
    if (!isHalfClosed) {
      isHalfClosed = true;
      requireNonNull(requests).onCompleted();
    }
  }

  /** Ends the call at once. Any thread. */
  void cancel() {
    requireNonNull(requests).cancel("not wanted any more", null);
  }

  private void send(ConsumeRequest.Builder frame) {
    if (!isHalfClosed) {
      requireNonNull(requests).onNext(frame.build());
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<ConsumeRequest> requestStream) {
    requests = requestStream;
  }

  @Override
  public void onNext(ConsumeResponse frame) {
    receiver.received(this, frame);
  }

  @Override
  public void onError(Throwable failure) {
    receiver.ended(this, Failures.of(failure));
  }

  @Override
  public void onCompleted() {
    receiver.ended(this, null);
  }
}
