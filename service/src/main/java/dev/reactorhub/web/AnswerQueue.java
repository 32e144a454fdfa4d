package dev.reactorhub.web;

import java.util.ArrayList;
import java.util.List;

/**
 * Answers of one session that wait to be sent, bounded in characters: a client that asks and does
 * not read is read no further until it does. Any thread.
 */
final class AnswerQueue {
  private static final int CHARS_MAX = 256 << 10;

  private final Runnable wakeUp;

  /** Guarded by this. */
  private final List<String> waiting = new ArrayList<>(0);

  /** Guarded by this. */
  private long chars;

  /** Written under the monitor. */
  private volatile boolean isEmpty = true;

  /** Guarded by this. */
  private boolean isClosed;

  AnswerQueue(Runnable wakeUp) {
    this.wakeUp = wakeUp;
  }

  /** Adds an answer; waits while the queue is full. Connection thread. */
  void add(String answer) {
    awaitRoom();
    addUnbounded(answer);
  }

  /** Waits while the queue is full. Connection thread. */
  synchronized void awaitRoom() {
    while (chars >= CHARS_MAX && !isClosed) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Adds an answer at once; for those whose number is bounded elsewhere. */
  void addUnbounded(String answer) {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      waiting.add(answer);
      isEmpty = false;
      chars += answer.length();
    }
    wakeUp.run();
  }

  boolean isEmpty() {
    return isEmpty;
  }

  synchronized List<String> takeAll() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<String> all = List.copyOf(waiting);
    waiting.clear();
    isEmpty = true;
    chars = 0;
    notifyAll();
    return all;
  }

  synchronized void close() {
    isClosed = true;
    waiting.clear();
    isEmpty = true;
    notifyAll();
  }
}
