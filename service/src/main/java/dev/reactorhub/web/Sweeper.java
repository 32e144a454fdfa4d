package dev.reactorhub.web;

import dev.reactorhub.hub.Cohort;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.WireForm;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends to many sessions from one thread, which never waits for a peer: each session in its turn
 * gets one write of all that is pending, and whoever cannot take it goes on by itself.
 *
 * <p>Frames are joined once for all sessions that are to be sent the same events.
 */
final class Sweeper implements Cohort.Server, AutoCloseable {
  private static final Logger LOGGER = System.getLogger(Sweeper.class.getName());

  /** Also what a peer that reads slowly makes the hub keep. */
  static final int EVENT_BYTES_PER_WRITE_MAX = 64 << 10;

  private static final int JOINED_BYTES_MIN = 128 << 10;

  private final Thread thread;

  /** Turns that were asked for. Guarded by this. */
  private List<Runnable> waiting = new ArrayList<>();

  private volatile boolean isParked;
  private volatile boolean isClosed;

  /** The frames of {@link #joinedOf}, one after another. Sweeping thread only. */
  private ByteBuffer joined = ByteBuffer.allocateDirect(JOINED_BYTES_MIN);

  private List<EncodedEvent> joinedOf = List.of();

  Sweeper(String name) {
    this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /** Runs a turn, which must not wait, on the sweeping thread. Any thread; returns at once. */
  void add(Runnable turn) {
    synchronized (this) {
      waiting.add(turn);
    }
    if (isParked) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void due(Cohort cohort) {
    add(cohort::serve);
  }

  /** The frames of these events, ready to be written. Sweeping thread only, until the next call. */
  ByteBuffer join(List<EncodedEvent> events) {
    if (!events.equals(joinedOf)) {
      fill(events);
      joinedOf = events;
    }
    return joined.rewind();
  }

  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(thread);
  }

  private void fill(List<EncodedEvent> events) {
    int bytes = 0;
    for (EncodedEvent event : events) {
      bytes = Math.addExact(bytes, event.bytes(WireForm.WEBSOCKET).length);
    }
    if (bytes > joined.capacity()) {
      joined = ByteBuffer.allocateDirect(Integer.highestOneBit(bytes - 1) * 2);
    }
    joined.clear();
    for (EncodedEvent event : events) {
      joined.put(event.bytes(WireForm.WEBSOCKET));
    }
    joined.flip();
  }

  private void run() {
    List<Runnable> turns = new ArrayList<>();
    while (!isClosed) {
      turns = take(turns);
      if (turns.isEmpty()) {
        // Nobody needs them for now: let them be collected.
        joinedOf = List.of();
        park();
      }
      for (Runnable turn : turns) {
        try {
          turn.run();
        } catch (RuntimeException e) { // the thread's top
          LOGGER.log(Level.ERROR, "session_sweep_failed", e);
        }
      }
      turns.clear();
    }
  }

  /** Swaps the waiting turns for an empty list. */
  private synchronized List<Runnable> take(List<Runnable> empty) {
    List<Runnable> taken = waiting;
    waiting = empty;
    return taken;
  }

  private void park() {
    isParked = true;
    if (isIdle()) {
      LockSupport.park(this);
    }
    isParked = false;
  }

  private synchronized boolean isIdle() {
    return waiting.isEmpty() && !isClosed;
  }
}
