package dev.reactorhub.client;

import dev.reactorhub.client.ReactorException.Reason;
import dev.reactorhub.client.SubscribeCall.Signal;
import dev.reactorhub.v1.GoingAway;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscription in the form of an iteration that waits: events, and what there is to tell about
 * their delivery, in log order.
 *
 * <p>It reconnects by itself and resumes after the newest position it has seen, which a hub moves
 * on even while nothing matches. While it waits between two attempts {@link #hasNext} waits too.
 * The hub is asked for more only when everything handed over was taken, so memory is bounded by one
 * message of the hub.
 *
 * <p>One thread at a time may iterate; any thread may {@link #close}.
 */
public final class EventStream implements Iterator<Delivery>, AutoCloseable {
  private final HubConnection hub;
  private final Filter filter;
  private final Consumer<EventStream> whenOver;
  private final CountDownLatch closed = new CountDownLatch(1);

  // The iterating thread's own, from here to the next note.

  /**
   * What was received and not taken yet: the content of one frame, and the change of connection
   * before it.
   */
  private final ArrayDeque<Delivery> pending = new ArrayDeque<>();

  /** What the next call asks for: after the newest position seen, once there is one. */
  private StartAt start;

  /** What the present call asked for, until its first frame has come. */
  private @Nullable StartAt unanswered;

  private int failuresInARow;
  private Duration pause = Duration.ZERO;
  private @Nullable ReactorException failure;

  // Written by the iterating thread, read by any.

  private volatile @Nullable SubscribeCall call;
  private volatile @Nullable String position;

  EventStream(HubConnection hub, Filter filter, StartAt start, Consumer<EventStream> whenOver) {
    this.hub = hub;
    this.filter = filter;
    this.start = start;
    this.whenOver = whenOver;
    this.position = start instanceof StartAt.After after ? after.position() : null;
  }

  /**
   * Waits for the next delivery.
   *
   * @return true when there is one; false once the stream or its client is closed
   * @throws ReactorException if the hub has ended the subscription for good, then and at every
   *     later call; or {@link ReactorException.Interrupted}, after which the stream can still be
   *     used
   */
  @Override
  public boolean hasNext() {
    while (!isClosed()) {
      if (!pending.isEmpty()) {
        return true;
      }
      if (failure != null) {
        throw failure;
      }
      try {
        advance();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ReactorException.Interrupted(e);
      }
    }
    return false;
  }

  /**
   * Waits for the next delivery and takes it.
   *
   * @return an event, or something about the delivery of events
   * @throws NoSuchElementException if the stream is closed
   * @throws ReactorException as {@link #hasNext} does
   */
  @Override
  public Delivery next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the stream is closed");
    }
    Delivery delivery = pending.remove();
    if (pending.isEmpty() && start instanceof StartAt.After after) {
      position = after.position();
    } else if (delivery instanceof Event event) {
      position = event.position();
    }
    return delivery;
  }

  /**
   * Where to resume: every event that matches up to there has been taken. Any thread.
   *
   * @return the position; empty as long as none is known
   */
  public Optional<String> position() {
    return Optional.ofNullable(position);
  }

  /**
   * Ends the stream at once: who waits in {@link #hasNext} gets false. Any thread; again is
   * harmless.
   */
  @Override
  public void close() {
    closed.countDown();
    // The iterating thread sets the call first and looks at the latch afterwards: one of the two
    // cancels it.
    SubscribeCall open = call;
    if (open != null) {
      open.cancel();
    }
    whenOver.accept(this);
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void advance() throws InterruptedException {
    SubscribeCall open = call;
    if (open == null) {
      connect();
      return;
    }
    Signal signal = open.next(hub.settings().silenceMax());
    if (signal instanceof Signal.Frame frame) {
      receive(frame.response());
    } else if (signal instanceof Signal.Ended ended) {
      endCall(ended.cause());
    } else if (signal instanceof Signal.Silence) {
      String message = "nothing came for " + hub.settings().silenceMax();
      endCall(new ReactorException.Unavailable(new Reason("silent", message), null));
    }
  }

  private void connect() throws InterruptedException {
    if (!pause.isZero()) {
      hub.timing().pause(pause, closed);
      pause = Duration.ZERO;
    }
    if (isClosed()) {
      return;
    }
    if (failuresInARow > 0) {
      hub.expectRecovery();
    }
    SubscribeRequest request =
        SubscribeRequest.newBuilder()
            .setFilter(Wire.toMessage(filter))
            .setStart(Wire.toMessage(start))
            .build();
    unanswered = start;
    call = SubscribeCall.start(hub.stub(), request);
    if (isClosed()) {
      cancelCall();
    }
  }

  private void receive(SubscribeResponse frame) {
    if (unanswered != null) {
      pending.add(new Connected(unanswered));
      unanswered = null;
      // A hub that says nothing but goodbye counts as one more failure.
      failuresInARow = frame.hasGoingAway() ? failuresInARow + 1 : 0;
    }
    try {
      open(frame);
    } catch (IllegalArgumentException e) {
      cancelCall();
      end(Failures.malformed(e));
    }
  }

  private void open(SubscribeResponse frame) {
    switch (frame.getFrameCase()) {
      case BATCH -> {
        for (dev.reactorhub.v1.Event message : frame.getBatch().getEventsList()) {
          Event event = Wire.event(message);
          pending.add(event);
          moveTo(event.position());
        }
      }
      case CAUGHT_UP -> {
        pending.add(new CaughtUp(frame.getCaughtUp().getPosition()));
        moveTo(frame.getCaughtUp().getPosition());
      }
      case GAP -> {
        dev.reactorhub.v1.Gap gap = frame.getGap();
        pending.add(Wire.gap(gap));
        moveTo(gap.getTo());
      }
      case LAGGING -> {
        dev.reactorhub.v1.Lagging lagging = frame.getLagging();
        pending.add(new Lagging(lagging.getPosition(), lagging.getHead()));
        moveTo(lagging.getPosition());
      }
      case HEARTBEAT -> moveTo(frame.getHeartbeat().getPosition());
      case GOING_AWAY -> goAway(frame.getGoingAway());
      case FRAME_NOT_SET -> {
        // A kind of frame that a later hub sends and this client does not know: it concerns neither
        // events nor holes.
      }
    }
  }

  /**
   * The next call resumes here. Everything up to here has been received, and is pending or taken.
   */
  private void moveTo(String seen) {
    start = StartAt.after(seen);
    if (pending.isEmpty()) {
      position = seen;
    }
  }

  private void goAway(GoingAway goingAway) {
    moveTo(goingAway.getPosition());
    Duration asked = Wire.duration(goingAway.getReconnectAfter());
    disconnect("going_away", "the hub is going away", longer(asked, backoff()));
  }

  private void endCall(ReactorException cause) {
    if (cause.isPermanent()) {
      cancelCall();
      end(cause);
      return;
    }
    failuresInARow++;
    Duration asked = cause.retryAfter().orElse(Duration.ZERO);
    disconnect(cause.code(), cause.getMessage(), longer(asked, backoff()));
  }

  private Duration backoff() {
    return failuresInARow == 0
        ? Duration.ZERO
        : hub.settings().backoff().delay(failuresInARow, hub.timing().random());
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void disconnect(String code, @Nullable String message, Duration wait) {
    cancelCall();
    if (!isClosed()) {
      pause = wait;
      pending.add(new Disconnected(code, String.valueOf(message), wait));
    }
  }

  private void cancelCall() {
    SubscribeCall open = call;
    call = null;
    unanswered = null;
    if (open != null) {
      open.cancel();
    }
  }

  private void end(ReactorException cause) {
    failure = cause;
    whenOver.accept(this);
  }
}
