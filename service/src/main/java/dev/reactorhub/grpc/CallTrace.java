package dev.reactorhub.grpc;

import dev.reactorhub.wire.TraceContext;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.jspecify.annotations.Nullable;

/** Keeps the trace context of a call's metadata where the call can ask for it. */
final class CallTrace implements ServerInterceptor {
  private static final Metadata.Key<String> TRACEPARENT =
      Metadata.Key.of(TraceContext.TRACEPARENT, Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> CURRENT = Context.key(TraceContext.TRACEPARENT);

  /** The current call's {@code traceparent}; null when it has none, or a broken one. */
  static @Nullable String current() {
    return CURRENT.get();
  }

  @Override
  public <T, R> ServerCall.Listener<T> interceptCall(
      ServerCall<T, R> call, Metadata headers, ServerCallHandler<T, R> next) {
    return TraceContext.traceparent(headers.get(TRACEPARENT))
        .map(value -> Context.current().withValue(CURRENT, value))
        .map(context -> Contexts.interceptCall(context, call, headers, next))
        .orElseGet(() -> next.startCall(call, headers));
  }
}
