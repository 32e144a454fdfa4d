package dev.reactorhub.grpc;

import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.wire.Problem;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where calls of the hub's API come in: knows how many are under way, and refuses new ones once it
 * is closed. Any thread.
 */
final class CallGate implements ServerInterceptor {
  private static final String API = "reactorhub.";

  /** Calls admitted and not over; counted before the gate is looked at, so none slips through. */
  private final AtomicInteger underWay = new AtomicInteger();

  private final CountDownLatch idle = new CountDownLatch(1);

  /** Null while the gate is open. */
  private volatile @Nullable Closed closed;

  /** What new calls are told: why, and to come back at some time among these. */
  private record Closed(Problem why, ReturnTimes times) {}

  /** Refuses new calls from now on; the first time counts. */
  synchronized void close(Problem why, ReturnTimes times) {
    if (closed == null) {
      closed = new Closed(why, times);
    }
    if (underWay.get() == 0) {
      idle.countDown();
    }
  }

  /**
   * Waits until the gate is closed and no call is under way, or until somebody stops the waiting.
   * Returns false when it took longer.
   */
  boolean awaitIdle(Duration atMost) throws InterruptedException {
    return idle.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Lets whoever waits go, whatever is under way. */
  void stopWaiting() {
    idle.countDown();
  }

  @Override
  public <T, R> ServerCall.Listener<T> interceptCall(
      ServerCall<T, R> call, Metadata headers, ServerCallHandler<T, R> next) {
    String service = call.getMethodDescriptor().getServiceName();
    if (service == null || !service.startsWith(API)) {
      return next.startCall(call, headers); // Health and reflection answer to the end.
    }
    underWay.incrementAndGet();
    Closed refusal = closed;
    if (refusal != null) {
      over();
      return refused(call, GrpcErrors.exception(refusal.why(), refusal.times().any()));
    }
    Context context = Connections.of(call).within(Context.current());
    try {
      return new Counted<>(Contexts.interceptCall(context, call, headers, next));
    } catch (RuntimeException e) {
      over();
      throw e;
    }
  }

  /** Ends a call before it has begun. */
  static <T> ServerCall.Listener<T> refused(ServerCall<T, ?> call, StatusRuntimeException why) {
    Metadata trailers = why.getTrailers();
    call.close(why.getStatus(), trailers == null ? new Metadata() : trailers);
    return new ServerCall.Listener<>() {};
  }

  private void over() {
    if (underWay.decrementAndGet() == 0 && closed != null) {
      idle.countDown();
    }
  }

  /** Exactly one of the two ends of a call is told. */
  private final class Counted<T> extends SimpleForwardingServerCallListener<T> {
    private final AtomicBoolean isOver = new AtomicBoolean();

    Counted(ServerCall.Listener<T> call) {
      super(call);
    }

    @Override
    public void onComplete() {
      super.onComplete();
      end();
    }

    @Override
    public void onCancel() {
      super.onCancel();
      end();
    }

    private void end() {
      if (isOver.compareAndSet(false, true)) {
        over();
      }
    }
  }
}
