package dev.reactorhub.web;

import dev.reactorhub.event.Position;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Next;
import dev.reactorhub.hub.Subscription;
import dev.reactorhub.hub.WireForm;
import dev.reactorhub.wire.ControlMessages;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.SseEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client of server-sent events. {@link #run} is the connection's own thread: it polls the
 * cursor, writes, and sleeps until woken or until a heartbeat is due. The other methods: any
 * thread.
 */
final class SseSession implements StreamSession {
  private static final int EVENT_BYTES_PER_WRITE_MAX = 64 << 10;
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Subscription subscription;
  private final OutputStream out;
  private final Duration heartbeat;
  private final Duration noProgressMax;
  private final Thread thread = Thread.currentThread();
  private final Semaphore wakeUps;

  /** When the write under way began; 0: none. Written by {@link #run}. */
  private volatile long writingSinceNanos;

  private volatile @Nullable Duration reconnectAfter;

  /**
   * @param wakeUps a permit for each wake-up of the subscription
   */
  SseSession(Subscription subscription, Semaphore wakeUps, OutputStream out, WebSettings settings) {
    this.subscription = subscription;
    this.wakeUps = wakeUps;
    this.out = out;
    this.heartbeat = settings.heartbeat();
    this.noProgressMax = settings.ws().noProgressMax();
  }

  /** Delivers until the client goes or the hub does. */
  void run() throws IOException, InterruptedException {
    write(SseEvent.retry(RETRY));
    write(SseEvent.id(subscription.position()));
    flush();
    while (reconnectAfter == null) {
      wakeUps.drainPermits();
      boolean isIdle = sendPending();
      if (isIdle && !wakeUps.tryAcquire(heartbeat.toNanos(), TimeUnit.NANOSECONDS)) {
        write(SseEvent.id(subscription.position()));
        flush();
      }
    }
    Position position = subscription.position();
    write(SseEvent.retry(reconnectAfter));
    control(position, ControlMessages.goingAway(position, reconnectAfter));
    flush();
  }

  /** Says why nothing follows, once {@link #run} has failed. */
  void fail(Problem problem) throws IOException {
    control(subscription.position(), ControlMessages.error(problem, null));
    flush();
  }

  @Override
  public void tick(long nowNanos) {
    long since = writingSinceNanos;
    if (since != 0 && nowNanos - since > noProgressMax.toNanos()) {
      // Closes the socket under the blocked write, which then fails.
      thread.interrupt();
    }
  }

  @Override
  public void goAway(Duration delay) {
    reconnectAfter = delay;
    wakeUps.release();
  }

  /** Returns true when nothing is left to send. */
  private boolean sendPending() throws IOException {
    boolean isWritten = false;
    while (reconnectAfter == null) {
      switch (subscription.poll(EVENT_BYTES_PER_WRITE_MAX)) {
        case Next.Events events -> {
          for (EncodedEvent event : events.events()) {
            write(event.bytes(WireForm.SSE));
          }
        }
        case Next.Gap gap -> control(gap.to(), ControlMessages.gap(gap));
        case Next.Lagging lagging -> control(lagging.position(), ControlMessages.lagging(lagging));
        case Next.CaughtUp caughtUp ->
            control(caughtUp.position(), ControlMessages.caughtUp(caughtUp.position()));
        case Next.Nothing nothing -> {
          if (isWritten) {
            flush();
          }
          return true;
        }
      }
      isWritten = true;
    }
    return false;
  }

  private void control(Position id, String message) throws IOException {
    write(SseEvent.message(id, message.getBytes(StandardCharsets.UTF_8)));
  }

  private void write(byte[] bytes) throws IOException {
    writingSinceNanos = System.nanoTime() | 1;
    out.write(bytes);
    writingSinceNanos = 0;
  }

  private void flush() throws IOException {
    writingSinceNanos = System.nanoTime() | 1;
    out.flush();
    writingSinceNanos = 0;
  }
}
