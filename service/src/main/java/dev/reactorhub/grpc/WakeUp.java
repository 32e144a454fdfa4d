package dev.reactorhub.grpc;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** A step of one thread, which runs once for all who asked for it before it began. Any thread. */
final class WakeUp {
  private final Executor thread;
  private final Runnable step;
  private final AtomicBoolean isDue = new AtomicBoolean();

  WakeUp(Executor thread, Runnable step) {
    this.thread = thread;
    this.step = step;
  }

  /** The step runs, soon and with all that was done before this. Returns at once. */
  void wake() {
    if (!isDue.getAndSet(true)) {
      thread.execute(this::run);
    }
  }

  private void run() {
    var _ = isDue.getAndSet(false); // By reading it sees what was done before each asked.
    step.run();
  }
}
