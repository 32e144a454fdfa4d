package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.PublishStreamResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import org.jspecify.annotations.Nullable;

/**
 * One call of PublishStream. It is told what to do under the lock of its stream, and tells what it
 * hears without one.
 */
final class PublishStreamCall
    implements ClientResponseObserver<PublishStreamRequest, PublishStreamResponse> {

  /** Whom a call tells what comes in; on threads of the transport, one call at a time. */
  interface Receiver {
    void acknowledged(PublishStreamCall call, PublishStreamResponse response);

    void ended(PublishStreamCall call, ReactorException cause);
  }

  private final HubConnection.Route route;
  private final Receiver receiver;

  /** Set by {@link #start}, before anybody else sees this object. */
  private @Nullable ClientCallStreamObserver<PublishStreamRequest> requests;

  /** Written by the transport's thread. */
  private volatile long answers;

  private PublishStreamCall(HubConnection.Route route, Receiver receiver) {
    this.route = route;
    this.receiver = receiver;
  }

  static PublishStreamCall start(HubConnection.Route route, Receiver receiver) {
    PublishStreamCall call = new PublishStreamCall(route, receiver);
    var unused = route.stub().publishStream(call);
    return call;
  }

  HubConnection.Route route() {
    return route;
  }

  void send(PublishStreamRequest request) {
    requireNonNull(requests).onNext(request);
  }

  /** How many events were acknowledged on this call. */
  long answers() {
    return answers;
  }

  /** Ends the call: in order, when all is acknowledged, or at once. */
  void end(boolean isInOrder) {
    if (isInOrder) {
      requireNonNull(requests).onCompleted();
    } else {
      requireNonNull(requests).cancel("not wanted any more", null);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<PublishStreamRequest> requestStream) {
    requests = requestStream;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time writes it
  public void onNext(PublishStreamResponse response) {
    answers++;
    receiver.acknowledged(this, response);
  }

  @Override
  public void onError(Throwable failure) {
    receiver.ended(this, Failures.of(failure));
  }

  @Override
  public void onCompleted() {
    receiver.ended(this, HubConnection.streamEnded());
  }
}
