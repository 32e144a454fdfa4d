package dev.reactorhub.client;

import dev.reactorhub.client.ReactorException.Reason;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.Delivery;
import dev.reactorhub.v1.GoingAway;
import dev.reactorhub.v1.Opened;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client of a durable consumer: it hands the events that the hub gives out to a handler, and
 * acknowledges what was dealt with. It reconnects by itself until it is closed, its client is
 * closed, or the hub ends it for good. See {@link ReactorClient#consume}.
 *
 * <p>Any thread may use it.
 */
public final class Consumer implements AutoCloseable {
  /** How long acknowledgements may wait for others, when there is more to do. */
  private static final Duration SAY_DELAY = Duration.ofMillis(10);

  /** More time is asked for so often within the deadline: one such frame may be late. */
  private static final int EXTENSIONS_PER_DEADLINE = 3;

  private final HubConnection hub;
  private final ConsumerSpec spec;
  private final ConsumeHandler handler;
  private final java.util.function.Consumer<Consumer> whenOver;
  private final ReentrantLock lock = new ReentrantLock();
  private final Acknowledgements acknowledgements = new Acknowledgements();
  private final ConsumerWork work;
  private final CompletableFuture<Void> established = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  // Guarded by the lock.

  private @Nullable ConsumeCall call;
  private int failuresInARow;
  private long heardNanos;
  private boolean isSayingSoon;

  /** Nothing more is to be begun on the present call, which ends when handlers have returned. */
  private boolean isDraining;

  private Duration reconnectAfter = Duration.ZERO;
  private boolean isClosing;
  private boolean isOver;

  private volatile @Nullable String position;

  private Consumer(
      HubConnection hub,
      ConsumerSpec spec,
      ConsumeHandler handler,
      ThreadFactory threads,
      java.util.function.Consumer<Consumer> whenOver) {
    this.hub = hub;
    this.spec = spec;
    this.handler = handler;
    this.whenOver = whenOver;
    this.work = new ConsumerWork(lock, spec, handler, new Work(), hub.timing(), threads);
  }

  static Consumer start(
      HubConnection hub,
      ConsumerSpec spec,
      ConsumeHandler handler,
      ThreadFactory threads,
      java.util.function.Consumer<Consumer> whenOver) {
    Consumer consumer = new Consumer(hub, spec, handler, threads, whenOver);
    consumer.open();
    return consumer;
  }

  /**
   * The consumer's name.
   *
   * @return the name
   */
  public String name() {
    return spec.name();
  }

  /**
   * Tells when the hub has opened the consumer for the first time.
   *
   * @return completes then; fails with a {@link ReactorException} if it ends before
   */
  public CompletableFuture<Void> established() {
    return established.copy();
  }

  /**
   * Tells when no handler will be called any more and what was dealt with is acknowledged.
   *
   * @return completes once closed; fails with a {@link ReactorException} when the hub has ended it
   *     for good
   */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /**
   * How far the consumer has come, over all its clients: every event that it wants up to there is
   * acknowledged.
   *
   * @return the newest position that the hub told; empty before the first
   */
  public Optional<String> position() {
    return Optional.ofNullable(position);
  }

  /**
   * Begins with no further event, waits until the handlers have returned and the hub has taken
   * their acknowledgements, and leaves. What was not begun goes to other clients at once. Called by
   * a handler, or interrupted, it does not wait. Again is harmless.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!isOver && !isClosing) {
        isClosing = true;
        work.close();
        leaveWhenIdle();
      }
    } finally {
      lock.unlock();
    }
    if (!work.isHandling()) {
      awaitEnd();
    }
  }

  private void awaitEnd() {
    try {
      ended.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      Logging.LOG.log(Level.DEBUG, "a consumer failed before it was closed", e);
    }
  }

  /** Ends at once: the client is closed. */
  void abort() {
    end(new ReactorException.Closed("the client"), true);
  }

  private void open() {
    lock.lock();
    try {
      if (isOver || isClosing || call != null) {
        return;
      }
      if (failuresInARow > 0) {
        hub.expectRecovery();
      }
      isDraining = false;
      reconnectAfter = Duration.ZERO;
      ConsumeCall opened = ConsumeCall.start(hub.route(), new Frames(), spec);
      call = opened;
      heardNanos = hub.timing().nanoTime();
      hub.timing().watch(hub.settings().silenceMax(), () -> watchSilence(opened));
    } finally {
      lock.unlock();
    }
  }

  private void watchSilence(ConsumeCall watched) {
    lock.lock();
    try {
      if (call != watched) {
        return;
      }
      Duration silence = Duration.ofNanos(hub.timing().nanoTime() - heardNanos);
      Duration left = hub.settings().silenceMax().minus(silence);
      if (left.isNegative() || left.isZero()) {
        watched.cancel();
        String message = "nothing came for " + hub.settings().silenceMax();
        lost(
            watched,
            new ReactorException.Unavailable(new Reason(ReactorException.SILENT, message), null));
      } else {
        hub.timing().watch(left, () -> watchSilence(watched));
      }
    } finally {
      lock.unlock();
    }
  }

  /** What comes in by the present call, under the lock. */
  private void take(ConsumeCall from, ConsumeResponse frame) {
    switch (frame.getFrameCase()) {
      case OPENED -> opened(from, frame.getOpened());
      case BATCH -> {
        for (Delivery delivery : frame.getBatch().getDeliveriesList()) {
          deliver(from, delivery);
        }
        sayIfDue();
      }
      case POSITION -> reached(frame.getPosition().getPosition());
      case ACKNOWLEDGED -> {
        acknowledgements.confirmed(frame.getAcknowledged().getRef());
        List<Long> held = work.confirmed(frame.getAcknowledged().getRef());
        if (!held.isEmpty()) {
          from.reject(held, Duration.ZERO, "came before an event that was given back");
        }
        reached(frame.getAcknowledged().getPosition());
      }
      case ROLE -> {
        if (!frame.getRole().getActive()) {
          work.dropWaiting();
        }
      }
      case GOING_AWAY -> drain(from, frame.getGoingAway());
      case GAP, FRAME_NOT_SET -> {
        // A gap is told without the lock. A kind of frame that a later hub sends concerns neither
        // events nor holes.
      }
    }
  }

  private void opened(ConsumeCall from, Opened opened) {
    failuresInARow = 0;
    String known = position;
    if (known != null && Acknowledgements.isBefore(opened.getPosition(), known)) {
      // Somebody moved it back while this client was away.
      acknowledgements.forget();
    }
    reached(opened.getPosition());
    acknowledgements.passed(opened.getPosition());
    if (opened.getDefinition().getAttemptsMax() > 0) {
      work.attemptsMax(opened.getDefinition().getAttemptsMax());
    }
    Duration deadline = Wire.duration(opened.getAckDeadline());
    extendLater(from, deadline.dividedBy(EXTENSIONS_PER_DEADLINE));
    tell(() -> established.complete(null));
  }

  /** Runs what may call code of the client's user, which must not be called under the lock. */
  private static void tell(Runnable completion) {
    var unused = CompletableFuture.runAsync(completion);
  }

  private void extendLater(ConsumeCall of, Duration interval) {
    if (!interval.isZero()) {
      hub.timing().watch(interval, () -> extend(of, interval));
    }
  }

  private void extend(ConsumeCall of, Duration interval) {
    lock.lock();
    try {
      if (call == of) {
        List<Long> seqs = work.unfinished(of);
        if (!seqs.isEmpty()) {
          of.extend(seqs);
        }
        extendLater(of, interval);
      }
    } finally {
      lock.unlock();
    }
  }

  private void deliver(ConsumeCall from, Delivery delivery) {
    ConsumedEvent consumed =
        new ConsumedEvent(Wire.event(delivery.getEvent()), Math.max(1, delivery.getAttempt()));
    if (acknowledgements.isDone(consumed.event())) {
      acknowledgements.add(consumed.event(), true);
    } else if (!isDraining) {
      work.add(consumed, from);
    }
  }

  private void reached(String newest) {
    position = newest.isEmpty() ? position : newest;
  }

  private void drain(ConsumeCall from, GoingAway goingAway) {
    reconnectAfter = Wire.duration(goingAway.getReconnectAfter());
    isDraining = true;
    from.route().leave();
    work.dropWaiting();
    leaveWhenIdle();
  }

  /** Ends the present call in order once no handler is at work, if that is what is wanted. */
  private void leaveWhenIdle() {
    if (!(isClosing || isDraining) || !work.isIdle()) {
      return;
    }
    ConsumeCall present = call;
    if (present != null) {
      acknowledgements.say(present);
      present.halfClose();
      hub.timing().watch(hub.settings().callTimeout(), () -> giveUp(present));
    } else if (isClosing) {
      end(null, false);
    }
  }

  /** The hub does not end a call that was left in order. */
  private void giveUp(ConsumeCall left) {
    lock.lock();
    try {
      if (call == left) {
        left.cancel();
        lost(left, HubConnection.streamEnded());
      }
    } finally {
      lock.unlock();
    }
  }

  private void sayIfDue() {
    ConsumeCall present = call;
    if (present == null || acknowledgements.unsaid() == 0) {
      return;
    }
    int batch = Math.min(Acknowledgements.BATCH, Math.max(1, spec.outstandingMax() / 4));
    if (acknowledgements.unsaid() >= batch || work.isIdle()) {
      acknowledgements.say(present);
    } else if (!isSayingSoon) {
      isSayingSoon = true;
      hub.timing().watch(SAY_DELAY, this::sayNow);
    }
  }

  private void sayNow() {
    lock.lock();
    try {
      isSayingSoon = false;
      if (call != null) {
        acknowledgements.say(call);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The call is over. Under the lock. */
  private void lost(ConsumeCall over, @Nullable ReactorException cause) {
    if (call != over) {
      return;
    }
    call = null;
    boolean isReset = cause != null && cause.code().equals("consumer_reset");
    work.dropWaiting();
    if (isReset) {
      acknowledgements.forget();
    } else {
      acknowledgements.callEnded();
    }
    if (isClosing && work.isIdle()) {
      end(null, false);
    } else if (cause != null && cause.isPermanent() && !isReset && !mayRenew(cause)) {
      end(cause, false);
    } else if (!isClosing) {
      reopen(over, cause, isReset);
    }
  }

  private boolean mayRenew(ReactorException cause) {
    return cause instanceof ReactorException.NotAllowed && hub.hasTokens() && failuresInARow == 0;
  }

  private void reopen(ConsumeCall over, @Nullable ReactorException cause, boolean isReset) {
    Duration asked = cause == null ? reconnectAfter : cause.retryAfter().orElse(reconnectAfter);
    if (!isDraining && !isReset) {
      ReactorException why = cause == null ? HubConnection.streamEnded() : cause;
      over.route().leaveOn(why);
      failuresInARow++;
      asked = why.retryAfter().orElse(Duration.ZERO);
      Logging.LOG.log(Level.DEBUG, "consumer={0} disconnected code={1}", spec.name(), why.code());
    }
    // At least once the first wait: a hub that only says goodbye is not asked again at once.
    hub.timing().later(hub.pause(Math.max(1, failuresInARow), asked), this::open);
  }

  private void end(@Nullable ReactorException cause, boolean isAborted) {
    lock.lock();
    try {
      if (isOver) {
        return;
      }
      isOver = true;
      work.close();
      ConsumeCall present = call;
      call = null;
      if (present != null) {
        present.cancel();
      }
    } finally {
      lock.unlock();
    }
    whenOver.accept(this);
    tell(() -> tellEnd(isAborted ? null : cause));
  }

  private void tellEnd(@Nullable ReactorException cause) {
    if (cause == null) {
      established.completeExceptionally(new ReactorException.Closed("the consumer"));
      ended.complete(null);
    } else {
      Logging.LOG.log(
          Level.ERROR, "consumer=" + spec.name() + " failed code=" + cause.code(), cause);
      established.completeExceptionally(cause);
      ended.completeExceptionally(cause);
    }
  }

  /** Hears the present call. */
  private final class Frames implements ConsumeCall.Receiver {
    @Override
    public void received(ConsumeCall from, ConsumeResponse frame) {
      try {
        if (frame.hasGap()) {
          Gap gap = Wire.gap(frame.getGap());
          Logging.contain("a consumer's handler failed on a gap", () -> handler.onGap(gap));
        }
        lock.lock();
        try {
          if (call == from) {
            heardNanos = hub.timing().nanoTime();
            take(from, frame);
          }
        } finally {
          lock.unlock();
        }
      } catch (IllegalArgumentException e) {
        from.cancel();
        end(Failures.malformed(e), false);
      }
    }

    @Override
    public void ended(ConsumeCall over, @Nullable ReactorException cause) {
      lock.lock();
      try {
        lost(over, cause);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Hears what became of events; all under the lock. */
  private final class Work implements ConsumerWork.Outcomes {
    @Override
    public void handled(ConsumerWork.Item item) {
      acknowledgements.add(item.event(), item.call == call);
    }

    @Override
    public long failed(ConsumerWork.Item item, Duration delay, String error) {
      ConsumeCall present = call;
      if (present == null || item.call != present) {
        return 0;
      }
      present.reject(List.of(item.event().seq()), delay, error);
      return acknowledgements.sayWithMark(present);
    }

    @Override
    public void paused() {
      sayIfDue();
      leaveWhenIdle();
    }
  }
}
