package dev.reactorhub.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Keeps the peer's address where a call can ask for it. */
final class PeerAddress implements ServerInterceptor {
  private static final Context.Key<String> ADDRESS = Context.keyWithDefault("peer", "unknown");

  /** The address, without port, of whoever made the current call. */
  static String current() {
    return ADDRESS.get();
  }

  @Override
  public <T, R> ServerCall.Listener<T> interceptCall(
      ServerCall<T, R> call, Metadata headers, ServerCallHandler<T, R> next) {
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    String address =
        remote instanceof InetSocketAddress inet ? inet.getHostString() : String.valueOf(remote);
    return Contexts.interceptCall(
        Context.current().withValue(ADDRESS, address), call, headers, next);
  }
}
