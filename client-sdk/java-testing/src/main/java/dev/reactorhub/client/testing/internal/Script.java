package dev.reactorhub.client.testing.internal;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.reactorhub.client.testing.HubCall;
import dev.reactorhub.client.testing.Refusal;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the fake hub is to do with the next calls, before it serves them. Any thread. */
final class Script implements ServerInterceptor, AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Map<String, HubCall> CALLS =
      Map.of(
          "Publish", HubCall.PUBLISH,
          "PublishStream", HubCall.PUBLISH_STREAM,
          "Subscribe", HubCall.SUBSCRIBE,
          "Consume", HubCall.CONSUME,
          "ReadHistory", HubCall.READ_HISTORY,
          "GetStatus", HubCall.GET_STATUS);

  /** One instruction, for one call. */
  private sealed interface Step {
    record Refuse(Refusal refusal) implements Step {}

    record Delay(Duration duration) implements Step {}
  }

  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private final Map<HubCall, Deque<Step>> steps = new EnumMap<>(HubCall.class);

  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private volatile @Nullable String tokenWanted;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "fake-hub-delays");
            thread.setDaemon(true);
            return thread;
          });

  void refuseNext(HubCall call, Refusal refusal) {
    add(call, new Step.Refuse(refusal));
  }

  void delayNext(HubCall call, Duration delay) {
    add(call, new Step.Delay(delay));
  }

  private void add(HubCall call, Step step) {
    lock.lock();
    try {
      steps.computeIfAbsent(call, key -> new ArrayDeque<>()).add(step);
    } finally {
      lock.unlock();
    }
  }

  void requireToken(String token) {
    tokenWanted = token;
  }

  /** Every token that came, oldest first. */
  List<String> tokens() {
    return List.copyOf(tokens);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String authorization = headers.get(AUTHORIZATION);
    if (authorization != null) {
      tokens.add(authorization.replaceFirst("^Bearer ", ""));
    }
    String wanted = tokenWanted;
    if (wanted != null && !("Bearer " + wanted).equals(authorization)) {
      return refuse(call, Refusal.of("unauthenticated"));
    }
    Step step = nextStep(call.getMethodDescriptor().getBareMethodName());
    if (step instanceof Step.Refuse refuse) {
      return refuse(call, refuse.refusal());
    }
    if (step instanceof Step.Delay delay) {
      Late<Q> late = new Late<>();
      Runnable begin = () -> late.begin(next.startCall(call, headers));
      var unused = timer.schedule(begin, delay.duration().toNanos(), NANOSECONDS);
      return late;
    }
    return next.startCall(call, headers);
  }

  private @Nullable Step nextStep(@Nullable String method) {
    HubCall call = method == null ? null : CALLS.get(method);
    lock.lock();
    try {
      Deque<Step> ofCall = call == null ? null : steps.get(call);
      return ofCall == null ? null : ofCall.poll();
    } finally {
      lock.unlock();
    }
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Refusal refusal) {
    StatusRuntimeException error = HubErrors.of(refusal);
    Metadata trailers = error.getTrailers();
    call.close(error.getStatus(), trailers == null ? new Metadata() : trailers);
    return new ServerCall.Listener<>() {};
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** Keeps what a call hears until it begins. */
  private static final class Late<Q> extends ServerCall.Listener<Q> {
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.

    private final Deque<Consumer<ServerCall.Listener<Q>>> heard = new ArrayDeque<>();
    private ServerCall.@Nullable Listener<Q> begun;

    void begin(ServerCall.Listener<Q> listener) {
      lock.lock();
      try {
        heard.forEach(what -> what.accept(listener));
        begun = listener;
      } finally {
        lock.unlock();
      }
    }

    private void hear(Consumer<ServerCall.Listener<Q>> what) {
      lock.lock();
      try {
        if (begun == null) {
          heard.add(what);
        } else {
          what.accept(begun);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onMessage(Q message) {
      hear(listener -> listener.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      hear(ServerCall.Listener::onHalfClose);
    }

    @Override
    public void onCancel() {
      hear(ServerCall.Listener::onCancel);
    }

    @Override
    public void onComplete() {
      hear(ServerCall.Listener::onComplete);
    }

    @Override
    public void onReady() {
      hear(ServerCall.Listener::onReady);
    }
  }
}
