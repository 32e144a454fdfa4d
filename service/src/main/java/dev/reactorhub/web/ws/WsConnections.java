package dev.reactorhub.web.ws;

import dev.reactorhub.health.Pulse;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The open WebSocket connections of a server, and the one thread that watches their deadlines.
 *
 * <p>Give {@link #socketOptions} and {@link #upgraders} to the server's builder, stop the server,
 * then close this. Thread-safe.
 */
public final class WsConnections implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger(WsConnections.class.getName());

  /** Deadlines are seconds to a minute: a tenth of the shortest, within these bounds, is exact. */
  private static final long TICK_MILLIS_MIN = 10;

  private static final long TICK_MILLIS_MAX = 1_000;

  /**
   * What the kernel may hold for one peer. Without a bound it grows to megabytes for a peer that
   * reads slowly: memory that ten thousand of them would take, and minutes that a ping waits.
   */
  private static final int SEND_BUFFER_BYTES = 256 << 10;

  private final WsSettings settings;
  private final LongSupplier nanoClock;
  private final ConnectionChannels channels;
  private final Readiness readiness = new Readiness();
  private final Pulse pulse = new Pulse("ws-watch", Pulse.STUCK);
  private final Set<WsConnection> open = ConcurrentHashMap.newKeySet();
  private final @Nullable ScheduledExecutorService watch;

  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled when {@link #open} becomes empty. */
  private final Condition empty = lock.newCondition();

  private WsConnections(WsSettings settings, LongSupplier nanoClock, boolean watched) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.channels =
        new ConnectionChannels(
            SocketOptions.builder()
                .tcpNoDelay(true)
                .socketSendBufferSize(SEND_BUFFER_BYTES)
                .build());
    this.watch = watched ? startWatch() : null;
  }

  /** Watches the deadlines of these settings by the system's monotonic clock. */
  public static WsConnections start(WsSettings settings) {
    return new WsConnections(settings, System::nanoTime, true);
  }

  /** Without a thread: deadlines pass when the clock says so and {@link #sweep} is called. */
  static WsConnections unwatched(WsSettings settings, LongSupplier nanoClock) {
    return new WsConnections(settings, nanoClock, false);
  }

  /**
   * For {@code connectionOptions(…)}: TCP_NODELAY, the send buffer's bound, and the way to
   * gathering writes.
   */
  public SocketOptions socketOptions() {
    return channels;
  }

  /** For {@code Http1ConnectionSelector.builder().addUpgrader(…)}, each of them. */
  public List<Http1Upgrader> upgraders(HandshakePolicy policy) {
    return List.of(
        new ReactorWsUpgrader("websocket", this, policy),
        new ReactorWsUpgrader("WebSocket", this, policy));
  }

  /**
   * Takes over a connection whose response has begun, with a head that announces chunks: Helidon
   * must not read or write it any more, nor use it again.
   *
   * @return null when it cannot be taken over: under TLS, or when its channel is not known
   */
  public @Nullable ChunkedOutput takeOver(PeerInfo local, PeerInfo remote, boolean isSecure)
      throws IOException {
    SocketChannel channel = isSecure ? null : channels.take(local, remote);
    return channel == null
        ? null
        : new ChunkedOutput(new Transport.Channel(channel, readiness.register(channel)));
  }

  /** The state of the threads that serve the connections. */
  public List<Pulse> pulses() {
    return List.of(readiness.pulse(), pulse);
  }

  /** How many connections are open, closing ones included. */
  public int size() {
    return open.size();
  }

  /** Starts the close handshake on every open connection and returns at once. */
  public void closeAll(int code, String reason) {
    for (WsConnection connection : open) {
      Thread.startVirtualThread(() -> connection.closeWith(code, reason));
    }
  }

  /**
   * Waits until every connection is over and its listener was told, which a stopped server alone
   * does not. With {@link #closeAll} before it, the deadlines bound the wait by the close timeout,
   * listeners that block aside.
   *
   * @return false if connections remained after {@code timeMax}
   */
  public boolean awaitEmpty(Duration timeMax) throws InterruptedException {
    long nanos = timeMax.toNanos();
    lock.lock();
    try {
      while (!open.isEmpty()) {
        if (nanos <= 0) {
          return false;
        }
        nanos = empty.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Stops the watch; connections that are still open are read and watched no more. */
  @Override
  public void close() {
    if (watch != null) {
      watch.shutdownNow();
    }
    readiness.close();
  }

  WsSettings settings() {
    return settings;
  }

  ConnectionChannels channels() {
    return channels;
  }

  Readiness readiness() {
    return readiness;
  }

  long nanoTime() {
    return nanoClock.getAsLong();
  }

  void add(WsConnection connection) {
    open.add(connection);
  }

  void remove(WsConnection connection) {
    open.remove(connection);
    if (open.isEmpty()) {
      lock.lock();
      try {
        empty.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Applies the deadlines to every connection. */
  void sweep() {
    pulse.beat();
    for (WsConnection connection : open) {
      try {
        connection.sweep(nanoTime());
      } catch (RuntimeException e) { // the thread's top: one connection must not stop the watch
        LOGGER.log(Level.ERROR, "ws_watch_failed remote=" + connection.remoteAddress(), e);
      }
    }
  }

  private ScheduledExecutorService startWatch() {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ws-watch").factory());
    long tickMillis = tickMillis();
    pulse.begin();
    var _ =
        executor.scheduleWithFixedDelay(this::sweep, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
    return executor;
  }

  private long tickMillis() {
    long shortest =
        List.of(settings.pingInterval(), settings.closeTimeout(), settings.noProgressMax()).stream()
            .mapToLong(Duration::toMillis)
            .min()
            .orElse(TICK_MILLIS_MAX);
    return Math.clamp(shortest / 10, TICK_MILLIS_MIN, TICK_MILLIS_MAX);
  }
}
