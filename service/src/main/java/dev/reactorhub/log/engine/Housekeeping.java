package dev.reactorhub.log.engine;

import dev.reactorhub.health.Pulse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A thread that does a log's chores, again and again, until closed. */
public final class Housekeeping implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(Housekeeping.class.getName());

  /** Removing much at once may take its time. */
  private static final Duration STUCK = Duration.ofMinutes(10);

  private final long intervalNanos;
  private final Runnable chores;
  private final Thread thread;
  private final Pulse pulse = new Pulse("log-housekeeping", STUCK);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by {@link #lock}. */
  private boolean wanted;

  /** Guarded by {@link #lock}. */
  private boolean closed;

  /** Wires the thread; {@link #start} sets it going. */
  public Housekeeping(Duration interval, Runnable chores) {
    this.intervalNanos = interval.toNanos();
    this.chores = chores;
    this.thread = Thread.ofPlatform().name("log-housekeeping").daemon().unstarted(this::run);
  }

  /** Starts the thread. Once. */
  public void start() {
    thread.start();
    pulse.follow(thread);
  }

  /** Whether the thread does its work: one round of chores is one piece of it. */
  public Pulse pulse() {
    return pulse;
  }

  /** Asks for the chores before their time. Never blocks. */
  public void hurry() {
    lock.lock();
    try {
      wanted = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the chores in hand finish and ends the thread. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (awaitTurn()) {
      pulse.begin();
      try {
        chores.run();
      } catch (RuntimeException e) {
        LOGGER.log(Level.ERROR, "log housekeeping failed; it is tried again", e);
      } finally {
        pulse.end();
      }
    }
  }

  private boolean awaitTurn() {
    lock.lock();
    try {
      long left = intervalNanos;
      while (!closed && !wanted && left > 0) {
        left = changed.awaitNanos(left);
      }
      wanted = false;
      return !closed;
    } catch (InterruptedException e) {
      // Nobody but this class knows the thread: an interrupt can only mean that it should end.
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
