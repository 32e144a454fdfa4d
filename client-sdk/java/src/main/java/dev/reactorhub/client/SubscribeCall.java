package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One call of Subscribe. It hands over one frame at a time: the hub is asked for the next only when
 * the reader comes back for it, so that a slow reader slows the hub instead of filling memory.
 */
final class SubscribeCall implements ClientResponseObserver<SubscribeRequest, SubscribeResponse> {

  /** What the reader finds. */
  sealed interface Signal {
    /** The next frame. */
    record Frame(SubscribeResponse response) implements Signal {}

    /** The call is over. */
    record Ended(ReactorException cause) implements Signal {}

    /** Nothing came for too long. */
    record Silence() implements Signal {}
  }

  /** At most two: the one frame asked for, and the end. */
  private final BlockingQueue<Signal> inbox = new LinkedBlockingQueue<>();

  /** Set by {@link #start}, before anybody else sees this object. */
  private @Nullable ClientCallStreamObserver<SubscribeRequest> requests;

  /** Whether the reader has had a frame and not asked for another one yet. Reader only. */
  private boolean frameIsDone;

  static SubscribeCall start(HubServiceGrpc.HubServiceStub stub, SubscribeRequest request) {
    SubscribeCall call = new SubscribeCall();
    stub.subscribe(request, call);
    return call;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SubscribeRequest> requestStream) {
    requests = requestStream;
    requestStream.disableAutoRequestWithInitial(1);
  }

  @Override
  public void onNext(SubscribeResponse response) {
    inbox.add(new Signal.Frame(response));
  }

  @Override
  public void onError(Throwable failure) {
    inbox.add(new Signal.Ended(Failures.of(failure)));
  }

  @Override
  public void onCompleted() {
    inbox.add(new Signal.Ended(HubConnection.streamEnded()));
  }

  /** Waits for the next signal; the former frame is done with. Reader only. */
  Signal next(Duration silenceMax) throws InterruptedException {
    if (frameIsDone) {
      frameIsDone = false;
      requireNonNull(requests).request(1);
    }
    Signal signal = inbox.poll(silenceMax.toNanos(), NANOSECONDS);
    if (signal == null) {
      return new Signal.Silence();
    }
    frameIsDone = signal instanceof Signal.Frame;
    return signal;
  }

  /** Ends the call and wakes the reader. Any thread; again is harmless. */
  void cancel() {
    requireNonNull(requests).cancel("not wanted any more", null);
  }
}
