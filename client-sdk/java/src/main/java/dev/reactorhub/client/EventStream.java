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

  /** There is one when the start is a store. */
  private final @Nullable PositionKeeper keeper;

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

  /** How long nothing has come by now. */
  private Duration silence = Duration.ZERO;

  private @Nullable ReactorException failure;

  // Written by the iterating thread, read by any.

  private volatile @Nullable OpenCall call;
  private volatile @Nullable String position;

  EventStream(HubConnection hub, Filter filter, StartAt start, Consumer<EventStream> whenOver) {
    this.hub = hub;
    this.filter = filter;
    this.start = start;
    this.whenOver = whenOver;
    this.keeper = start instanceof StartAt.Stored s ? new PositionKeeper(s.store(), hub) : null;
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
    noteHandled();
    while (!isClosed()) {
      if (!pending.isEmpty()) {
        return true;
      }
      if (failure != null) {
        saveHandled();
        throw failure;
      }
      try {
        advance();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ReactorException.Interrupted(e);
      }
    }
    saveHandled();
    return false;
  }

  /** Whoever comes for the next delivery has handled the former ones. */
  private void noteHandled() {
    String reached = position;
    if (keeper != null && reached != null) {
      keeper.handled(reached);
      if (keeper.untilSave().filter(Duration::isZero).isPresent()) {
        keeper.save();
      }
    }
  }

  /** What was passed over, as it does not match, needs no handling. */
  private void notePassed() {
    String reached = position;
    if (keeper != null && pending.isEmpty() && reached != null) {
      keeper.handled(reached);
    }
  }

  private void saveHandled() {
    if (keeper != null) {
      keeper.save();
    }
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
    OpenCall open = call;
    if (open != null) {
      open.call().cancel();
    }
    saveHandled();
    whenOver.accept(this);
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void advance() throws InterruptedException {
    OpenCall open = call;
    if (open == null) {
      connect();
      return;
    }
    Duration left = hub.settings().silenceMax().minus(silence);
    Duration untilSave = keeper == null ? left : keeper.untilSave().orElse(left);
    boolean isSaveDue = untilSave.compareTo(left) < 0;
    Signal signal = open.call().next(isSaveDue ? untilSave : left);
    if (signal instanceof Signal.Frame frame) {
      silence = Duration.ZERO;
      receive(frame.response());
      notePassed();
    } else if (signal instanceof Signal.Ended ended) {
      endCall(open, ended.cause());
    } else if (isSaveDue) {
      silence = silence.plus(untilSave);
      saveHandled();
    } else {
      String message = "nothing came for " + hub.settings().silenceMax();
      endCall(
          open,
          new ReactorException.Unavailable(new Reason(ReactorException.SILENT, message), null));
    }
  }

  private void connect() throws InterruptedException {
    if (!pause.isZero()) {
      saveHandled();
      hub.timing().pause(pause, closed);
      pause = Duration.ZERO;
    }
    if (isClosed() || !isStartKnown()) {
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
    silence = Duration.ZERO;
    HubConnection.Route route = hub.route();
    call = new OpenCall(SubscribeCall.start(route.stub(), request), route);
    if (isClosed()) {
      cancelCall();
    }
  }

  /** Asks the store, once; false if it failed, which ends the stream. */
  private boolean isStartKnown() {
    if (start instanceof StartAt.Stored stored && keeper != null) {
      try {
        Optional<String> saved = keeper.load();
        position = saved.orElse(null);
        start = saved.map(StartAt::after).orElse(stored.whenEmpty());
      } catch (ReactorException e) {
        end(e);
        return false;
      }
    }
    return true;
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
    OpenCall open = call;
    if (open != null) {
      open.route().leave();
    }
    Duration asked = Wire.duration(goingAway.getReconnectAfter());
    disconnect("going_away", "the hub is going away", hub.pause(failuresInARow, asked));
  }

  private void endCall(OpenCall open, ReactorException cause) {
    if (cause.isPermanent() && !mayHelpToRenewTheToken(cause)) {
      cancelCall();
      end(cause);
      return;
    }
    open.route().leaveOn(cause);
    failuresInARow++;
    Duration asked = cause.retryAfter().orElse(Duration.ZERO);
    disconnect(cause.code(), cause.getMessage(), hub.pause(failuresInARow, asked));
  }

  /** A token that was good when this call began may have expired since. */
  private boolean mayHelpToRenewTheToken(ReactorException cause) {
    return cause instanceof ReactorException.NotAllowed && hub.hasTokens() && unanswered == null;
  }

  private void disconnect(String code, @Nullable String message, Duration wait) {
    cancelCall();
    if (!isClosed()) {
      pause = wait;
      pending.add(new Disconnected(code, String.valueOf(message), wait));
    }
  }

  private void cancelCall() {
    OpenCall open = call;
    call = null;
    unanswered = null;
    if (open != null) {
      open.call().cancel();
    }
  }

  private void end(ReactorException cause) {
    failure = cause;
    whenOver.accept(this);
  }

  /** The present call and the way it takes. */
  private record OpenCall(SubscribeCall call, HubConnection.Route route) {}
}
