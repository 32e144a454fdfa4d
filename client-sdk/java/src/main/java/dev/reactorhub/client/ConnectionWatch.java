package dev.reactorhub.client;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells a listener how channels stand, in order and one call at a time. Any thread. */
final class ConnectionWatch {
  private final ConnectionListener listener;
  private final Queue<Runnable> untold = new ConcurrentLinkedQueue<>();

  /** How many wait to be told; whoever makes it more than 0 tells them. */
  private final AtomicInteger count = new AtomicInteger();

  ConnectionWatch(ConnectionListener listener) {
    this.listener = listener;
  }

  void follow(String endpoint, ManagedChannel channel) {
    await(endpoint, channel, channel.getState(false));
  }

  private void await(String endpoint, ManagedChannel channel, ConnectivityState known) {
    channel.notifyWhenStateChanged(
        known,
        () -> {
          ConnectivityState now = channel.getState(false);
          tell(() -> listener.onState(endpoint, state(now)));
          if (now != ConnectivityState.SHUTDOWN) {
            await(endpoint, channel, now);
          }
        });
  }

  private void tell(Runnable call) {
    untold.add(call);
    if (count.getAndIncrement() > 0) {
      return;
    }
    do {
      Runnable next = untold.remove();
      Logging.contain("a connection listener failed", next::run);
    } while (count.decrementAndGet() > 0);
  }

  private static ConnectionState state(ConnectivityState state) {
    return switch (state) {
      case IDLE -> ConnectionState.IDLE;
      case CONNECTING -> ConnectionState.CONNECTING;
      case READY -> ConnectionState.CONNECTED;
      case TRANSIENT_FAILURE -> ConnectionState.UNREACHABLE;
      case SHUTDOWN -> ConnectionState.CLOSED;
    };
  }
}
