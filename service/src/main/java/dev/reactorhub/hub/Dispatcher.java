package dev.reactorhub.hub;

import dev.reactorhub.event.EventFilter;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes committed records from the log's thread, puts them into the window and the lanes, and wakes
 * the subscriptions that wait for them.
 */
final class Dispatcher {
  private final EventEncoder encoder;
  private final LiveWindow window;
  private final LogRange start;

  /** Guards {@link #lanes} and the order "lanes first, then {@link #dispatchedSeq}". */
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by {@link #lock}. */
  private final LaneIndex lanes = new LaneIndex();

  /** Guarded by {@link #lock}. */
  private final CanonicalNames names = new CanonicalNames();

  /** Every event up to this seq is in the window and in its lanes. Written under the lock. */
  private volatile long dispatchedSeq;

  /** Written by the log's thread. */
  private volatile long lastDispatchMillis;

  private final WindowRuns runs = new WindowRuns();

  /** What the last subscription was given: the next one mostly wants the same. */
  private volatile @Nullable Run lastRun;

  Dispatcher(EventLog log, EventEncoder encoder, HubSettings settings) {
    this.encoder = encoder;
    // Records may arrive while the window is still being made: they wait for the lock.
    lock.lock();
    try {
      this.start = log.follow(this::onCommitted);
      this.window =
          new LiveWindow(settings.windowEventsMax(), settings.windowBytesMax(), start.head());
      this.dispatchedSeq = start.head();
    } finally {
      lock.unlock();
    }
  }

  LiveWindow window() {
    return window;
  }

  WindowRuns runs() {
    return runs;
  }

  long dispatchedSeq() {
    return dispatchedSeq;
  }

  /** How many events were dispatched since the hub started. */
  long dispatchedCount() {
    return dispatchedSeq - start.head();
  }

  /** When the newest event was stored, milliseconds since the epoch; 0: none since the start. */
  long lastStoredMillis() {
    return lastDispatchMillis;
  }

  /**
   * The events of a lane after a seq, oldest first. Subscriptions of one lane that stand at the
   * same place are given the same list, so that they can share what is made of it.
   *
   * @return null when the first of them is no longer at hand
   */
  @Nullable Run eventsAfter(long seq, Lane lane, int bytesMax) {
    Run last = lastRun;
    if (last != null && last.serves(lane, seq, bytesMax)) {
      return last;
    }
    long end = lane.end();
    long[] places = lane.after(seq, EventBatch.EVENTS_MAX);
    if (places == null) {
      return null;
    }
    if (places.length == 0) {
      return new Run(lane, seq, end, bytesMax, new Next.Events(List.of(), true));
    }
    EventBatch batch = new EventBatch(bytesMax);
    for (long place : places) {
      EncodedEvent event = window.get(place);
      if (event == null || !batch.add(event)) {
        break;
      }
    }
    if (batch.isEmpty()) {
      return null;
    }
    List<EncodedEvent> events = batch.events();
    boolean isAll = events.size() == places.length && places.length < EventBatch.EVENTS_MAX;
    Run run = new Run(lane, seq, end, bytesMax, new Next.Events(events, isAll));
    lastRun = run;
    return run;
  }

  int laneCount() {
    lock.lock();
    try {
      return lanes.laneCount();
    } finally {
      lock.unlock();
    }
  }

  /** Puts a subscription into the lane of a filter and returns the lane. */
  Lane join(Subscription subscription, EventFilter filter) {
    lock.lock();
    try {
      Lane lane = lanes.laneOf(filter, dispatchedSeq);
      lane.join(subscription);
      return lane;
    } finally {
      lock.unlock();
    }
  }

  void leave(Subscription subscription, Lane lane) {
    lock.lock();
    try {
      if (lane.leave(subscription)) {
        lanes.remove(lane);
      }
    } finally {
      lock.unlock();
    }
  }

  private void onCommitted(List<LogRecord> records) {
    List<Runnable> wakeUps = new ArrayList<>();
    // Odd: never what stands for an event of the log.
    long committedAtNanos = System.nanoTime() | 1;
    lock.lock();
    try {
      for (LogRecord record : records) {
        window.add(
            new EncodedEvent(encoder, start.epoch(), record).committedAt(committedAtNanos, names));
        lanes.forEachLaneOf(record.event(), lane -> lane.add(record.seq()));
      }
      LogRecord newest = records.getLast();
      lastDispatchMillis = newest.storedAt().toEpochMilli();
      dispatchedSeq = newest.seq();
      for (LogRecord record : records) {
        lanes.forEachLaneOf(record.event(), lane -> lane.collectWakeUps(wakeUps));
      }
    } finally {
      lock.unlock();
    }
    wakeUps.forEach(Runnable::run);
  }

  /** Events that follow a place, maybe none, as long as the lane ends where it did. */
  record Run(Lane lane, long afterSeq, long laneEnd, int bytesMax, Next.Events next) {
    boolean isEmpty() {
      return next.events().isEmpty();
    }

    boolean serves(Lane wanted, long seq, int wantedBytesMax) {
      return lane == wanted
          && laneEnd == wanted.end()
          && seq >= afterSeq
          && seq < next.events().getFirst().seq()
          && bytesMax == wantedBytesMax;
    }
  }
}
