package dev.reactorhub.web;

import dev.reactorhub.health.Pulse;
import dev.reactorhub.hub.Cohort;
import dev.reactorhub.hub.DeliveryFigures;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Replays;
import dev.reactorhub.hub.Sessions;
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

  private final Replays replays;
  private final Pulse pulse;
  private final Thread thread;

  /** Turns that were asked for. Guarded by this. */
  private List<Runnable> waiting = new ArrayList<>();

  private volatile boolean isParked;
  private volatile boolean isClosed;

  /** Sweeping thread only. */
  private final JoinedEvents webSocket = new JoinedEvents(WireForm.WEBSOCKET);

  private final JoinedEvents sse = new JoinedEvents(WireForm.SSE);
  private final DeliveryFigures webSocketFigures;
  private final DeliveryFigures sseFigures;

  /** Whether live events were among the present turns. Sweeping thread only. */
  private boolean isCohortServed;

  Sweeper(String name, Hub hub) {
    this.replays = hub.replays();
    this.webSocketFigures = hub.figures().deliveries(Sessions.Face.WEBSOCKET);
    this.sseFigures = hub.figures().deliveries(Sessions.Face.SSE);
    this.pulse = new Pulse(name, Pulse.STUCK);
    this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    pulse.follow(thread);
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
    add(() -> serve(cohort));
  }

  private void serve(Cohort cohort) {
    cohort.serve();
    isCohortServed = true;
  }

  /** Whether the thread does its work: what waits together is one piece of it. */
  Pulse pulse() {
    return pulse;
  }

  /** Frames ready to be written to a WebSocket. Sweeping thread only, until the next call. */
  ByteBuffer webSocketFrames(List<EncodedEvent> events) {
    return webSocket.of(events);
  }

  /** A chunk of server-sent events, ready to be written. As {@link #webSocketFrames}. */
  ByteBuffer sseChunk(List<EncodedEvent> events) {
    return sse.of(events);
  }

  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    List<Runnable> turns = new ArrayList<>();
    replays.liveBegins();
    pulse.begin();
    while (!isClosed) {
      pulse.beat();
      turns = take(turns);
      if (turns.isEmpty()) {
        // Nobody needs them for now: let them be collected.
        webSocket.forget();
        sse.forget();
        replays.liveEnds();
        pulse.end();
        park();
        pulse.begin();
        replays.liveBegins();
      }
      for (Runnable turn : turns) {
        try {
          turn.run();
        } catch (RuntimeException e) { // the thread's top
          LOGGER.log(Level.ERROR, "session_sweep_failed", e);
        }
      }
      turns.clear();
      count();
    }
    replays.liveEnds();
  }

  /** Once for all turns of a round: a clock is not read for each delivery. */
  private void count() {
    webSocket.report(webSocketFigures);
    sse.report(sseFigures);
    long nowNanos = isCohortServed ? System.nanoTime() : 0;
    webSocket.reportLag(webSocketFigures, nowNanos, isCohortServed);
    sse.reportLag(sseFigures, nowNanos, isCohortServed);
    isCohortServed = false;
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
