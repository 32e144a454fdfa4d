package dev.reactorhub.client;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Makes daemon threads, so that a program may end while a subscription waits. Any thread. */
final class ClientThreads implements ThreadFactory {
  private static final AtomicLong COUNT = new AtomicLong();

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "reactorhub-" + COUNT.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
