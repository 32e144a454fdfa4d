package dev.reactorhub.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * That the hub is to end. The first signal asks for it: a hub that is still starting ends once it
 * has. The next ones hasten it: while there is no hub yet, nothing was acknowledged, and the
 * process ends at once.
 */
final class StopRequest {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicInteger signals = new AtomicInteger();
  private boolean isHeard;
  private volatile @Nullable HubServer hub;

  private StopRequest() {}

  /** Hears signals from now on. */
  static StopRequest listening() {
    StopRequest request = new StopRequest();
    request.isHeard = StopSignals.listen(request::signalled);
    return request;
  }

  private void signalled() {
    HubServer running = hub;
    if (signals.getAndIncrement() == 0) {
      asked.countDown();
    } else if (running == null) {
      Runtime.getRuntime().halt(1);
    } else {
      running.hasten();
    }
  }

  /** There is a hub to stop. */
  void started(HubServer started) {
    hub = started;
    if (!isHeard) {
      Thread end = Thread.ofPlatform().name("shutdown").unstarted(() -> end(started));
      Runtime.getRuntime().addShutdownHook(end);
    }
  }

  /** Where signals cannot be heard: a hook has to halt, or the exit code would be the signal's. */
  private static void end(HubServer hub) {
    hub.close();
    Runtime.getRuntime().halt(0);
  }

  /** Returns once it was asked for. */
  void await() throws InterruptedException {
    asked.await();
  }
}
