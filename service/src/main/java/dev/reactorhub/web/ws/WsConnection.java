package dev.reactorhub.web.ws;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.SocketContext;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection (RFC 6455).
 *
 * <p>Listener: every call comes from the connection's own virtual thread, one after the other:
 * {@code onOpen}, whole messages ({@code last} is always true), {@code onPing} (the pong is sent
 * for it) and {@code onPong}, and then exactly one of {@code onClose} and {@code onError}, whatever
 * ended the connection. {@code onClose} tells the code of the side that closed first, 1005 for a
 * close frame without code, 1006 for an end of stream without close frame, and our own code after a
 * violation or a timeout; {@code onError} tells an I/O failure, such as a reset, or what the
 * listener itself threw. A listener that throws ends its connection with 1011.
 *
 * <p>Sending, closing and the other methods: any thread. Deadlines are those of {@link WsSettings},
 * watched by {@link WsConnections}. Nothing escapes {@link #handle}.
 */
public final class WsConnection implements ServerConnection, WsSession, FrameSink {
  private static final System.Logger LOGGER = System.getLogger(WsConnection.class.getName());

  /** How long the stopping server waits for one close frame to reach the kernel. */
  private static final Duration STOP_FLUSH_MAX = Duration.ofMillis(100);

  private final WsConnections connections;
  private final Opening opening;
  private final Transport transport;
  private final FrameReader reader;
  private final FrameWriter writer;

  /** The first ending counts; what follows from it does not. */
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

  /** Whether {@link #handle} began, or never will. */
  private final AtomicBoolean started = new AtomicBoolean();

  private final AtomicBoolean released = new AtomicBoolean();

  /** When a byte last came, or the listener last returned. Reader thread writes, watch reads. */
  private volatile long arrivalNanos;

  /** Whether the reader waits for the peer, rather than being busy in the listener. */
  private volatile boolean reading;

  /** Watch thread only. */
  private long pingNanos;

  /**
   * What the upgrade found out.
   *
   * @param subprotocol empty if none was agreed
   * @param accepted with the lease to release at the end
   */
  record Opening(
      ConnectionContext context,
      WsListener listener,
      Optional<String> subprotocol,
      HandshakeDecision.Accepted accepted) {}

  /** How a connection ended; {@code error} if by a failure rather than a close. */
  private record Ending(int code, String reason, @Nullable Throwable error) {}

  /** Wraps what a listener threw, to tell it from a failure to read. */
  private static final class ListenerFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ListenerFailure(Throwable cause) {
      super(null, cause, false, false);
    }
  }

  WsConnection(WsConnections connections, Opening opening, Transport transport) {
    this.connections = connections;
    this.opening = opening;
    this.transport = transport;
    this.arrivalNanos = connections.nanoTime();
    this.pingNanos = arrivalNanos;
    this.reader =
        new FrameReader(
            transport.reader(opening.context.dataReader()),
            connections.settings().messageBytesMax(),
            () -> arrivalNanos = connections.nanoTime());
    this.writer = new FrameWriter(transport, connections::nanoTime, this::writeFailed);
  }

  @Override
  public void handle(Limit limit) {
    if (!started.compareAndSet(false, true)) {
      return;
    }
    connections.add(this);
    try {
      deliver(() -> opening.listener.onOpen(this));
      while (receive()) {
        // until the handshake is over; everything else ends by an exception
      }
    } catch (WsViolation e) {
      fail(e.code(), e.reason(), null);
    } catch (InsufficientDataAvailableException e) {
      end(CloseCodes.ABNORMAL, "the stream ended without a close frame", null);
    } catch (ListenerFailure e) {
      Throwable cause = e.getCause();
      LOGGER.log(Level.WARNING, "ws_listener_failed remote=" + remoteAddress(), cause);
      fail(CloseCodes.INTERNAL_ERROR, "internal error", cause);
    } catch (Throwable e) { // the thread's top: Helidon would write an HTTP 500 into the stream
      end(CloseCodes.ABNORMAL, "the connection failed", e);
    } finally {
      finish();
    }
  }

  @Override
  @SuppressWarnings("removal")
  public void handle(Semaphore requestSemaphore) {
    throw new UnsupportedOperationException("superseded by handle(Limit)");
  }

  /** Zero: {@link WsConnections} watches idle connections, not Helidon. */
  @Override
  public Duration idleTime() {
    return Duration.ZERO;
  }

  /** Called by a stopping server. The close frame is sent unless a slow peer is in its way. */
  @Override
  public void close(boolean interrupt) {
    boolean neverHandled = started.compareAndSet(false, true);
    try {
      Thread.ofVirtual()
          .start(() -> closeWith(CloseCodes.GOING_AWAY, "the server is stopping"))
          .join(STOP_FLUSH_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (neverHandled) {
      release();
    }
    if (interrupt) {
      transport.close();
    }
  }

  @Override
  public boolean write(ByteBuffer... frames) {
    return writer.write(frames);
  }

  @Override
  public boolean canTryWrite() {
    return transport.canTryWrite();
  }

  @Override
  public boolean tryWrite(ByteBuffer frames) {
    return writer.tryWrite(frames);
  }

  @Override
  public boolean finishWrite() {
    return writer.finish();
  }

  @Override
  public boolean isOpen() {
    return writer.isOpen() && ending.get() == null;
  }

  /** Sends a whole message; a part ({@code last} false) is refused. Nothing once it is closing. */
  @Override
  public WsSession send(String text, boolean last) {
    return send(WsFrames.text(text.getBytes(StandardCharsets.UTF_8)), last);
  }

  /** As {@link #send(String, boolean)}. */
  @Override
  public WsSession send(BufferData data, boolean last) {
    return send(WsFrames.binary(data.readBytes()), last);
  }

  @Override
  public WsSession ping(BufferData data) {
    writer.ping(controlPayload(data));
    return this;
  }

  /** Rarely needed: every ping is answered already. */
  @Override
  public WsSession pong(BufferData data) {
    writer.pong(controlPayload(data));
    return this;
  }

  @Override
  public WsSession close(int code, String reason) {
    closeWith(code, reason);
    return this;
  }

  @Override
  public void closeWith(int code, String reason) {
    if (!CloseCodes.isAllowedInFrame(code)) {
      throw new IllegalArgumentException("close code is " + code + ": must not be sent");
    }
    end(code, reason, null);
    writer.close(code, reason);
  }

  @Override
  public void abort() {
    end(CloseCodes.ABNORMAL, "dropped", null);
    drop();
  }

  /** Closes with 1000 and does not wait for the peer's close frame. */
  @Override
  public WsSession terminate() {
    closeWith(CloseCodes.NORMAL, "");
    transport.close();
    return this;
  }

  @Override
  public Optional<String> subProtocol() {
    return opening.subprotocol;
  }

  @Override
  public SocketContext socketContext() {
    return opening.context;
  }

  @Override
  public String remoteAddress() {
    return opening.context.remotePeer().host() + ":" + opening.context.remotePeer().port();
  }

  @Override
  public Object attachment() {
    return opening.accepted.attachment();
  }

  /** The way to the peer, for the test that it is the gathering one. */
  Transport transport() {
    return transport;
  }

  /** Whether the idle deadlines run: not while the listener is busy. */
  boolean isReading() {
    return reading;
  }

  /** Applies the deadlines; called by the watch, must not block. */
  void sweep(long nowNanos) {
    WsSettings settings = connections.settings();
    if (writer.closingFor(nowNanos) >= settings.closeTimeout().toNanos()) {
      drop();
    } else if (writer.isOpen() && writer.stuckFor(nowNanos) >= settings.noProgressMax().toNanos()) {
      // Does not block: the close frame follows the frame that is stuck, if the peer reads on.
      closeWith(CloseCodes.TRY_AGAIN_LATER, "no progress for " + settings.noProgressMax());
    } else if (isReading() && writer.isOpen() && writer.stuckFor(nowNanos) < 0) {
      // A peer that takes bytes slowly is not silent: our ping, and so its pong, is behind them.
      sweepIdle(Math.min(nowNanos - arrivalNanos, writer.unrelievedFor(nowNanos)), nowNanos);
    }
  }

  private void sweepIdle(long idleNanos, long nowNanos) {
    WsSettings settings = connections.settings();
    long pingIntervalNanos = settings.pingInterval().toNanos();
    // Sending may block: not on the watch's thread.
    if (idleNanos >= settings.idleMax().toNanos()) {
      String reason = "nothing came for " + settings.idleMax();
      Thread.startVirtualThread(() -> closeWith(CloseCodes.GOING_AWAY, reason));
    } else if (idleNanos >= pingIntervalNanos && nowNanos - pingNanos >= pingIntervalNanos) {
      pingNanos = nowNanos;
      Thread.startVirtualThread(() -> writer.ping(new byte[0]));
    }
  }

  /** Takes one message or control frame; false when the close handshake is over. */
  private boolean receive() {
    WsListener listener = opening.listener;
    switch (reader.next()) {
      case Incoming.Text(String text) -> deliver(() -> listener.onMessage(this, text, true));
      case Incoming.Binary(byte[] bytes, int length) ->
          deliver(() -> listener.onMessage(this, BufferData.create(bytes, 0, length), true));
      case Incoming.Ping(byte[] payload) -> {
        writer.pong(payload);
        deliver(() -> listener.onPing(this, BufferData.create(payload)));
      }
      case Incoming.Pong(byte[] payload) ->
          deliver(() -> listener.onPong(this, BufferData.create(payload)));
      case Incoming.Close(int code, String reason) -> {
        end(code, reason, null);
        writer.close(code, "");
        writer.awaitCloseSent();
        return false;
      }
    }
    return true;
  }

  /** Calls the listener, unless the connection has ended for it. */
  private void deliver(Runnable call) {
    if (ending.get() != null) {
      return;
    }
    reading = false;
    try {
      call.run();
    } catch (Throwable e) {
      throw new ListenerFailure(e);
    }
    // A listener that took its time must not make the peer look idle.
    arrivalNanos = connections.nanoTime();
    reading = true;
  }

  /** Ends with a close frame of ours after which the peer's frames cannot be trusted. */
  private void fail(int code, String reason, @Nullable Throwable error) {
    end(code, reason, error);
    writer.close(code, reason);
    writer.awaitCloseSent();
    try {
      transport.shutdownOutput();
      // Closing with unread bytes would reset the connection and could take the close frame with
      // it. The watch ends this after the close timeout.
      reader.drain();
    } catch (IOException | RuntimeException e) {
      LOGGER.log(Level.TRACE, "ws_drained", e);
    }
  }

  private void end(int code, String reason, @Nullable Throwable error) {
    ending.compareAndSet(null, new Ending(code, reason, error));
  }

  /** By the writing thread: wakes the reader, which tells the listener. */
  private void writeFailed(Exception e) {
    end(CloseCodes.ABNORMAL, "the connection failed", e);
    transport.close();
  }

  private void drop() {
    writer.kill();
    transport.abort();
  }

  /** Reader thread, once: the socket is closed by Helidon when this returns. */
  private void finish() {
    reading = false;
    writer.kill();
    if (writer.stuckFor(connections.nanoTime()) >= 0) {
      // The listener may wait for the thread that is writing: let that write end first.
      transport.close();
    }
    Ending how = ending.get();
    try {
      if (how == null) {
        opening.listener.onClose(this, CloseCodes.ABNORMAL, "");
      } else if (how.error == null) {
        opening.listener.onClose(this, how.code, how.reason);
      } else {
        opening.listener.onError(this, how.error);
      }
    } catch (Throwable e) { // the thread's top
      LOGGER.log(Level.WARNING, "ws_listener_failed remote=" + remoteAddress(), e);
    }
    release();
    connections.remove(this);
    // Before Helidon closes the socket: it knows nothing of those who wait for the channel.
    transport.close();
  }

  private void release() {
    if (released.compareAndSet(false, true)) {
      try {
        opening.accepted.ended().run();
      } catch (RuntimeException e) { // the thread's top
        LOGGER.log(Level.WARNING, "ws_release_failed remote=" + remoteAddress(), e);
      }
    }
  }

  private WsSession send(ByteBuffer frame, boolean last) {
    if (!last) {
      throw new IllegalArgumentException("last is false: a message is sent as a whole");
    }
    writer.write(new ByteBuffer[] {frame});
    return this;
  }

  private static byte[] controlPayload(BufferData data) {
    byte[] payload = data.readBytes();
    if (payload.length > WsFrames.CONTROL_BYTES_MAX) {
      throw new IllegalArgumentException(
          "payload has " + payload.length + " bytes: a control frame takes at most 125");
    }
    return payload;
  }
}
