package dev.reactorhub.log.engine;

import dev.reactorhub.log.AppendResult.Reason;
import dev.reactorhub.log.LogFigures;
import dev.reactorhub.log.LogHealth;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.TailListener;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What the log has published: its range, its health, and its one follower. Any thread. */
public final class LogTail {
  private static final LogHealth HEALTHY = new LogHealth.Healthy();

  /** Makes a change of the head and the choice of who hears of it one step. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Written under {@link #lock}. */
  private volatile LogRange range;

  /** Written under {@link #lock}. */
  private volatile LogHealth health = HEALTHY;

  /** Guarded by {@link #lock}. */
  private @Nullable TailListener listener;

  private final LogFigures figures = new LogFigures();

  /** Starts with what the store held when it was opened. */
  public LogTail(LogRange range) {
    this.range = range;
  }

  /** What is published. */
  public LogRange range() {
    return range;
  }

  /** What the log did: for whoever does it to write. */
  public LogFigures figures() {
    return figures;
  }

  /**
   * What is published, for a read after a place.
   *
   * @throws IllegalArgumentException when the place is negative or beyond the head
   * @throws IllegalStateException when the log is closed
   */
  public LogRange rangeToRead(long afterSeq) {
    LogRange now = range;
    if (afterSeq < 0 || afterSeq > now.head()) {
      throw new IllegalArgumentException(
          "afterSeq is " + afterSeq + ": must be 0 to the head " + now.head());
    }
    if (health instanceof LogHealth.Unhealthy u && u.reason() == Reason.LOG_CLOSED) {
      throw new IllegalStateException("the log is closed: it cannot be read");
    }
    return now;
  }

  /** Whether appends can succeed. */
  public LogHealth health() {
    return health;
  }

  /** See {@link dev.reactorhub.log.EventLog#follow}. */
  public LogRange follow(TailListener follower) {
    lock.lock();
    try {
      if (listener != null) {
        throw new IllegalStateException("the log has a follower: it can have only one");
      }
      listener = follower;
      return range;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Publishes records that are durable. Appender's thread only.
   *
   * @param records one or more, following the head
   */
  void commit(List<LogRecord> records) {
    long head = records.getLast().seq();
    TailListener follower;
    lock.lock();
    try {
      range = new LogRange(range.epoch(), range.earliest(), head);
      // Chosen with the head: who follows later has this head in its range and must not get these.
      follower = listener;
    } finally {
      lock.unlock();
    }
    if (follower != null) {
      follower.onCommitted(records);
    }
  }

  /** Publishes that records up to this seq are gone; must precede their removal. */
  public void trim(long earliest) {
    lock.lock();
    try {
      if (earliest < range.earliest() || earliest > range.head()) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "earliest is %d: must lie within %s", earliest, range));
      }
      range = new LogRange(range.epoch(), earliest, range.head());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Turns unhealthy; a failure outranks a full disk, and a closed log says so whatever it was.
   *
   * @return false when it was as unhealthy before
   */
  public boolean turnUnhealthy(Reason reason, String detail) {
    lock.lock();
    try {
      boolean outranked =
          health instanceof LogHealth.Unhealthy now && now.reason().compareTo(reason) >= 0;
      if (!outranked) {
        health = new LogHealth.Unhealthy(reason, detail);
      }
      return !outranked;
    } finally {
      lock.unlock();
    }
  }

  /** Turns unhealthy for good: closed. */
  public void close() {
    boolean _ = turnUnhealthy(Reason.LOG_CLOSED, "the log is closed");
  }

  /** True while appends are refused for want of space. */
  public boolean isDiskFull() {
    return health instanceof LogHealth.Unhealthy now && now.reason() == Reason.DISK_FULL;
  }

  /** There is space again. No other state is healed. */
  public void healDiskFull() {
    if (!isDiskFull()) {
      return;
    }
    lock.lock();
    try {
      if (isDiskFull()) {
        health = HEALTHY;
      }
    } finally {
      lock.unlock();
    }
  }
}
