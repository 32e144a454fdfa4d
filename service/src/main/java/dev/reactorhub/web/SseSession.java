package dev.reactorhub.web;

import dev.reactorhub.event.Position;
import dev.reactorhub.hub.Cohort;
import dev.reactorhub.hub.DeliveryFigures;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Next;
import dev.reactorhub.hub.Replays;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.hub.Subscription;
import dev.reactorhub.hub.WireForm;
import dev.reactorhub.web.ws.ChunkedOutput;
import dev.reactorhub.wire.ControlMessages;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.SseEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One client of server-sent events. {@link #run} is the connection's own thread: it sends what may
 * have to wait, for the peer or for the log, and sleeps when nothing is pending. Live events go out
 * meanwhile in turns of the {@link Sweeper}, where the connection allows it. The other methods: any
 * thread.
 */
final class SseSession implements StreamSession, Cohort.Member {
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Replays replays;
  private final Sweeper sweeper;
  private final DeliveryFigures figures;
  private final Duration heartbeat;
  private final Duration noProgressMax;
  private final Thread thread = Thread.currentThread();

  /** More than 0 while somebody sends; each wake-up adds one. The first is the greeting. */
  private final AtomicInteger wakeUps = new AtomicInteger(1);

  /** A permit when {@link #run} is to send. */
  private final Semaphore awake = new Semaphore(0);

  private volatile long sentAtNanos = System.nanoTime();

  /** When the write under way began; 0: none. Written by {@link #run}. */
  private volatile long writingSinceNanos;

  private volatile @Nullable Duration reconnectAfter;

  /** What ended a turn. */
  private volatile @Nullable IOException failure;

  /**
   * Both set once, by {@link #run}, before the first turn; null: no turns, all goes through run.
   */
  private @Nullable Subscription subscription;

  private @Nullable ChunkedOutput swept;

  SseSession(StreamSessions sessions) {
    this.replays = sessions.hub().replays();
    this.sweeper = sessions.nextSweeper();
    this.figures = sessions.figures(Sessions.Face.SSE);
    this.heartbeat = sessions.settings().heartbeat();
    this.noProgressMax = sessions.settings().ws().noProgressMax();
  }

  /** What comes first. */
  static byte[] greeting(Subscription from) {
    return join(SseEvent.retry(RETRY), SseEvent.id(from.position()));
  }

  /**
   * Delivers until the client goes or the hub does.
   *
   * @param chunks the same as {@code out}, when it can be written to without waiting
   */
  void run(Subscription from, OutputStream out, @Nullable ChunkedOutput chunks)
      throws IOException, InterruptedException {
    subscription = from;
    swept = chunks;
    while (reconnectAfter == null) {
      int seen = wakeUps.get();
      sendPending(from, out);
      if (reconnectAfter == null && wakeUps.compareAndSet(seen, 0)) {
        sleep(from, out);
      }
    }
    send(out, goodbye(from.position(), reconnectAfter));
  }

  /** What comes last: where to resume, and when. */
  static byte[] goodbye(Position position, Duration delay) {
    return join(
        SseEvent.retry(delay), message(position, ControlMessages.goingAway(position, delay)));
  }

  /** Says why nothing follows, once {@link #run} has failed. */
  void fail(Subscription from, OutputStream out, Problem problem) throws IOException {
    send(out, message(from.position(), ControlMessages.error(problem, null)));
  }

  @Override
  public Cohort.Server server() {
    return sweeper;
  }

  @Override
  public void wake() {
    if (wakeUps.getAndIncrement() == 0) {
      awake.release();
    }
  }

  @Override
  public void turn() {
    if (wakeUps.getAndIncrement() == 0 && !(isSentInTurn() && wakeUps.compareAndSet(1, 0))) {
      awake.release();
    }
  }

  @Override
  public void tick(long nowNanos) {
    long since = writingSinceNanos;
    if (since != 0 && nowNanos - since > noProgressMax.toNanos()) {
      cut();
    }
  }

  @Override
  public void goAway(Duration delay) {
    if (reconnectAfter == null) {
      reconnectAfter = delay;
      wake();
    }
  }

  /** Ends a write that waits for the peer, which then fails. */
  @Override
  public void cut() {
    if (swept != null) {
      swept.abort();
    } else {
      thread.interrupt();
    }
  }

  /** Returns false when {@link #run} is to go on. By whoever turned {@link #wakeUps} from 0. */
  private boolean isSentInTurn() {
    Subscription from = subscription;
    ChunkedOutput out = swept;
    if (from == null || out == null || reconnectAfter != null) {
      return false;
    }
    Next next = from.pollLive(Sweeper.EVENT_BYTES_PER_WRITE_MAX);
    try {
      return switch (next) {
        case null -> false;
        case Next.Nothing nothing -> true;
        case Next.Events events -> {
          sentAtNanos = System.nanoTime();
          yield out.tryWrite(sweeper.sseChunk(events.events())) && events.isAll();
        }
        case Next.Gap _, Next.Lagging _, Next.CaughtUp _ -> {
          // Gathered, and sent by run: rare.
          out.write(control(next));
          yield false;
        }
      };
    } catch (IOException e) {
      failure = e;
      return false;
    }
  }

  /** Until there is something for this thread to send, which may be a heartbeat. */
  private void sleep(Subscription from, OutputStream out) throws IOException, InterruptedException {
    long untilHeartbeat = heartbeat.toNanos();
    while (!awake.tryAcquire(untilHeartbeat, TimeUnit.NANOSECONDS)) {
      untilHeartbeat = sentAtNanos + heartbeat.toNanos() - System.nanoTime();
      if (untilHeartbeat <= 0 && wakeUps.getAndIncrement() == 0) {
        send(out, SseEvent.id(from.position()));
        return;
      }
      untilHeartbeat = Math.max(untilHeartbeat, TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private void sendPending(Subscription from, OutputStream out) throws IOException {
    while (reconnectAfter == null) {
      if (failure != null) {
        throw failure;
      }
      switch (next(from, out)) {
        case null -> {
          // Others go first, or it was sent already.
        }
        case Next.Events events -> {
          long bytes = 0;
          for (EncodedEvent event : events.events()) {
            byte[] text = event.bytes(WireForm.SSE);
            bytes += text.length;
            write(out, text);
          }
          figures.delivered(events.events().size(), bytes);
        }
        case Next.Nothing nothing -> {
          flush(out);
          return;
        }
        case Next other -> write(out, control(other));
      }
    }
  }

  private @Nullable Next next(Subscription from, OutputStream out) throws IOException {
    Next live = from.pollLive(Sweeper.EVENT_BYTES_PER_WRITE_MAX);
    if (live != null) {
      return live;
    }
    flush(out);
    return replays.inTurn(() -> replay(from));
  }

  /**
   * Reads what this client is behind and, where that needs no waiting, sends it as well. A
   * replaying thread.
   *
   * @return what is still to be sent; null: nothing, but maybe to flush
   */
  private @Nullable Next replay(Subscription from) {
    Next next = from.pollBehind(Sweeper.EVENT_BYTES_PER_WRITE_MAX);
    ChunkedOutput out = swept;
    if (!(next instanceof Next.Events events) || out == null) {
      return next;
    }
    try {
      sentAtNanos = System.nanoTime();
      JoinedEvents joined = JoinedEvents.ofThread(WireForm.SSE);
      out.tryWrite(joined.of(events.events()));
      joined.report(figures);
    } catch (IOException e) {
      failure = e;
    }
    return null;
  }

  private static byte[] control(Next next) {
    return switch (next) {
      case Next.Gap gap -> message(gap.to(), ControlMessages.gap(gap));
      case Next.Lagging lagging -> message(lagging.position(), ControlMessages.lagging(lagging));
      case Next.CaughtUp caughtUp ->
          message(caughtUp.position(), ControlMessages.caughtUp(caughtUp.position()));
      case Next.Events _, Next.Nothing _ ->
          throw new IllegalArgumentException("no message: " + next);
    };
  }

  private static byte[] message(Position id, String message) {
    return SseEvent.message(id, message.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] join(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private void send(OutputStream out, byte[] bytes) throws IOException {
    write(out, bytes);
    flush(out);
  }

  private void write(OutputStream out, byte[] bytes) throws IOException {
    writingSinceNanos = System.nanoTime() | 1;
    out.write(bytes);
    writingSinceNanos = 0;
  }

  private void flush(OutputStream out) throws IOException {
    writingSinceNanos = System.nanoTime() | 1;
    out.flush();
    sentAtNanos = System.nanoTime();
    writingSinceNanos = 0;
  }
}
