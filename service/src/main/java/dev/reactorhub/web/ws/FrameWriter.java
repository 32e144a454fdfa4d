package dev.reactorhub.web.ws;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one way out of a connection, safe from any thread.
 *
 * <p>At any time at most one thread owns the transport and does blocking I/O, outside the lock. A
 * second writer of data waits for it. A control frame never waits: it is put into a slot (one each
 * for pong, ping and close, so a flood of pings costs one pong) and the owner sends it at the next
 * frame boundary; if nobody owns the transport, the caller becomes the owner. After the close frame
 * nothing is sent (RFC 6455 section 5.5.1).
 */
final class FrameWriter {
  private final Transport transport;
  private final LongSupplier nanoClock;

  /** Told once, by the writing thread, that the transport failed. */
  private final Consumer<Exception> failure;

  /** Guarded by this; the slots hold the newest frame of their kind. */
  private boolean owned;

  private @Nullable ByteBuffer pong;
  private @Nullable ByteBuffer ping;
  private @Nullable ByteBuffer close;
  private boolean closeSent;

  /** Written under this writer's monitor, read anywhere. */
  private volatile boolean closing;

  private volatile boolean dead;
  private volatile boolean controlPending;

  /** What a {@link #tryWrite} left to be finished. Sending thread only. */
  private @Nullable ByteBuffer rest;

  /** The transport is still owned for {@link #rest}, whose beginning was sent. Sending thread. */
  private boolean isRestBegun;

  /** When {@link #closing} began; valid once it is set. */
  private volatile long closingNanos;

  /** For the watch: whether the owner is in a write, and when a byte was last taken. */
  private volatile boolean inWrite;

  private volatile long progressNanos;

  /** For the watch: when the peer last made room for a write that had to wait. */
  private volatile long relievedNanos;

  FrameWriter(Transport transport, LongSupplier nanoClock, Consumer<Exception> failure) {
    this.transport = transport;
    this.nanoClock = nanoClock;
    this.failure = failure;
    this.relievedNanos = nanoClock.getAsLong();
  }

  /** See {@link FrameSink#write}. */
  boolean write(ByteBuffer[] frames) {
    synchronized (this) {
      while (owned && !closing && !dead) {
        awaitChange();
      }
      if (closing || dead) {
        return false;
      }
      takeOwnership();
    }
    return own(frames, true);
  }

  /** See {@link FrameSink#tryWrite}. */
  boolean tryWrite(ByteBuffer frames) {
    // Nothing here waits for the peer, so the lock is held throughout and nobody becomes the owner.
    synchronized (this) {
      if (closing || dead) {
        return true;
      }
      if (owned) {
        keepRest(frames, false);
        return false;
      }
      try {
        transport.tryWrite(frames);
      } catch (IOException | RuntimeException e) {
        failed(e);
        return true;
      }
      if (!frames.hasRemaining()) {
        return true;
      }
      takeOwnership();
      keepRest(frames, true);
      return false;
    }
  }

  /** See {@link FrameSink#finishWrite}. */
  boolean finish() {
    ByteBuffer unsent = rest;
    if (unsent == null) {
      return isOpen();
    }
    boolean isBegun = isRestBegun;
    rest = null;
    isRestBegun = false;
    ByteBuffer[] frames = {unsent};
    return isBegun ? own(frames, false) : write(frames);
  }

  private void keepRest(ByteBuffer frames, boolean isBegun) {
    rest = ByteBuffer.allocate(frames.remaining()).put(frames).flip();
    isRestBegun = isBegun;
  }

  /** Replaces an unsent pong. */
  void pong(byte[] payload) {
    offer(() -> pong = WsFrames.frame(WsFrames.PONG, payload));
  }

  /** Replaces an unsent ping. */
  void ping(byte[] payload) {
    offer(() -> ping = WsFrames.frame(WsFrames.PING, payload));
  }

  /** Sends a close frame as the last one; false if one was asked for before. */
  boolean close(int code, String reason) {
    return offer(
        () -> {
          close = WsFrames.close(code, reason);
          closingNanos = nanoClock.getAsLong();
          closing = true;
          notifyAll();
        });
  }

  /** Waits until the close frame is with the kernel, or nothing can be sent any more. */
  void awaitCloseSent() {
    synchronized (this) {
      while (!closeSent && !dead) {
        awaitChange();
      }
    }
  }

  /** Makes every write, present and future, fail; does not touch the transport. */
  void kill() {
    synchronized (this) {
      dead = true;
      notifyAll();
    }
  }

  boolean isOpen() {
    return !closing && !dead;
  }

  /** Nanoseconds since the close frame was asked for; negative if it was not. */
  long closingFor(long nowNanos) {
    return closing ? Math.max(0, nowNanos - closingNanos) : -1;
  }

  /** Nanoseconds for which a write has stood still; negative if none is under way. */
  long stuckFor(long nowNanos) {
    return inWrite ? Math.max(0, nowNanos - progressNanos) : -1;
  }

  /** Nanoseconds since the peer last made room for a write that had to wait for it. */
  long unrelievedFor(long nowNanos) {
    return Math.max(0, nowNanos - relievedNanos);
  }

  private boolean offer(Runnable fillSlot) {
    synchronized (this) {
      if (closing || dead) {
        return false;
      }
      fillSlot.run();
      controlPending = true;
      if (owned) {
        return true;
      }
      takeOwnership();
    }
    own(new ByteBuffer[0], true);
    return true;
  }

  /** Under this writer's monitor, by the thread that then calls {@link #own}. */
  private void takeOwnership() {
    owned = true;
    progressNanos = nanoClock.getAsLong();
    inWrite = true;
  }

  /**
   * Runs as the owner: sends the frames, then control frames until there is none, then leaves.
   *
   * @param atBoundary false when the first buffer begins inside a frame
   */
  private boolean own(ByteBuffer[] frames, boolean atBoundary) {
    boolean sent = false;
    boolean left = false;
    try {
      sent = sendAll(frames, atBoundary);
      do {
        sendControls();
        left = leave();
      } while (!left);
    } catch (IOException | RuntimeException e) {
      sent = false;
      failed(e);
    } finally {
      if (!left) {
        kill();
        leave();
      }
    }
    return sent;
  }

  /** The stream may have been cut inside a frame: nothing may follow. */
  private void failed(Exception e) {
    kill();
    failure.accept(e);
  }

  private boolean sendAll(ByteBuffer[] frames, boolean startsAtBoundary) throws IOException {
    boolean atBoundary = startsAtBoundary;
    int next = 0;
    while (next < frames.length) {
      if (!frames[next].hasRemaining()) {
        next++;
        continue;
      }
      if (controlPending && atBoundary && sendControls()) {
        return false;
      }
      // A control frame may go between two buffers, never inside one: with one waiting, finish
      // this buffer alone. After a gathered write the boundary is not known.
      boolean alone = controlPending;
      write(frames, next, alone ? 1 : frames.length - next);
      atBoundary = alone && !frames[next].hasRemaining();
    }
    return true;
  }

  /** Owner only. Sends what is in the slots; true if the close frame has been sent. */
  private boolean sendControls() throws IOException {
    while (true) {
      ByteBuffer frame;
      boolean last = false;
      synchronized (this) {
        if (close != null) {
          frame = close;
          last = true;
        } else if (pong != null) {
          frame = pong;
          pong = null;
        } else if (ping != null) {
          frame = ping;
          ping = null;
        } else {
          controlPending = false;
          return closeSent;
        }
      }
      send(frame);
      if (last) {
        closeWasSent();
        return true;
      }
    }
  }

  private void send(ByteBuffer frame) throws IOException {
    ByteBuffer[] one = {frame};
    while (frame.hasRemaining()) {
      write(one, 0, 1);
    }
  }

  private void write(ByteBuffer[] buffers, int from, int count) throws IOException {
    boolean hasWaited = transport.write(buffers, from, count);
    progressNanos = nanoClock.getAsLong();
    if (hasWaited) {
      relievedNanos = progressNanos;
    }
  }

  private void closeWasSent() {
    synchronized (this) {
      closeSent = true;
      close = null;
      pong = null;
      ping = null;
      controlPending = false;
      notifyAll();
    }
  }

  /** Until somebody tells of a change; an interrupt waits for its turn. Holding the monitor. */
  private void awaitChange() {
    boolean isInterrupted = false;
    while (true) {
      try {
        wait();
        break;
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives up ownership, unless a control frame came in meanwhile and can still be sent. */
  private boolean leave() {
    synchronized (this) {
      if (controlPending && !dead) {
        return false;
      }
      inWrite = false;
      owned = false;
      notify();
      return true;
    }
  }
}
