package dev.reactorhub.log.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits for the appender, bounded in bytes: producers block when it is full. */
final class AppendQueue {
  private final long bytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notFull = lock.newCondition();
  private final Condition notEmpty = lock.newCondition();

  /** Guarded by {@link #lock}. */
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();

  /** Waiting or in the appender's hands. Guarded by {@link #lock}. */
  private long bytes;

  /** Guarded by {@link #lock}. */
  private boolean closed;

  AppendQueue(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Adds, once no more than the bound is waiting; false when closed, and then it was not added. */
  boolean add(Pending append) {
    lock.lock();
    try {
      while (bytes > bytesMax && !closed) {
        notFull.awaitUninterruptibly();
      }
      if (closed) {
        return false;
      }
      bytes += append.bytes();
      waiting.add(append);
      notEmpty.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for some and takes them in order until they pass the bound, at least one. Empty only when
   * the queue is closed and everything was taken.
   */
  List<Pending> take(long groupBytesMax) {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        notEmpty.awaitUninterruptibly();
      }
      List<Pending> group = new ArrayList<>(waiting.size());
      long groupBytes = 0;
      while (!waiting.isEmpty() && groupBytes < groupBytesMax) {
        Pending next = waiting.remove();
        groupBytes += next.bytes();
        group.add(next);
      }
      return group;
    } finally {
      lock.unlock();
    }
  }

  /** Tells that what was taken is done with: its bytes no longer count as pending. */
  void release(List<Pending> group) {
    lock.lock();
    try {
      for (Pending append : group) {
        bytes -= append.bytes();
      }
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses what comes from now on; what waits can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      notFull.signalAll();
      notEmpty.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
