package dev.reactorhub.grpc;

import dev.reactorhub.wire.Problem;
import io.grpc.Context;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A client's connection and the streams that are open on it. Any thread. */
final class Connection {
  private static final Context.Key<Connection> CURRENT = Context.key("connection");

  private final Executor thread;

  private final Set<OpenStream> streams = ConcurrentHashMap.newKeySet();

  /** Set before the streams are told: one that is added meanwhile finds it, or is found. */
  private volatile @Nullable Departure departure;

  /** Why and when the streams of this connection have to go. */
  private record Departure(Problem why, Duration delay) {}

  /**
   * A connection that has just been opened.
   *
   * @param thread the one that moves its bytes
   */
  Connection(Executor thread) {
    this.thread = thread;
  }

  /**
   * The one thread that moves the connection's bytes. Streams that send much run on it: what they
   * send needs no other thread to leave. Nothing may wait on it.
   */
  Executor thread() {
    return thread;
  }

  /** The connection of the current call. */
  static Connection current() {
    return Objects.requireNonNull(CURRENT.get(), "this call came by no connection");
  }

  /** The context of a call that came by this connection. */
  Context within(Context context) {
    return context.withValue(CURRENT, this);
  }

  /** Holds a stream until it is removed; tells it at once when its connection is to go. */
  void add(OpenStream stream) {
    streams.add(stream);
    Departure going = departure;
    if (going != null) {
      stream.goAway(going.why(), going.delay());
    }
  }

  void remove(OpenStream stream) {
    streams.remove(stream);
  }

  /** Streams that are open. */
  int count() {
    return streams.size();
  }

  /**
   * Tells each stream to go, at a time of its own.
   *
   * @param spread gives each its delay
   */
  void goAway(Problem why, Spread spread) {
    departure = new Departure(why, spread.next());
    streams.forEach(stream -> stream.goAway(why, spread.next()));
  }
}
