package dev.reactorhub.web;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Answers of one session that wait to be sent, bounded in characters: a client that asks and does
 * not read is read no further until it does. Any thread.
 */
final class AnswerQueue {
  private static final int CHARS_MAX = 256 << 10;

  private final Runnable wakeUp;

  /** Guarded by this. */
  private final Queue<String> waiting = new ArrayDeque<>();

  /** Guarded by this. */
  private long chars;

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
      chars += answer.length();
    }
    wakeUp.run();
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  synchronized List<String> takeAll() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<String> all = List.copyOf(waiting);
    waiting.clear();
    chars = 0;
    notifyAll();
    return all;
  }

  synchronized void close() {
    isClosed = true;
    waiting.clear();
    notifyAll();
  }
}
