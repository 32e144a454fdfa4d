package dev.reactorhub.web;

import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.Json;
import dev.reactorhub.event.Position;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.hub.Cohort;
import dev.reactorhub.hub.DeliveryFigures;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Next;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.hub.Start;
import dev.reactorhub.hub.Subscription;
import dev.reactorhub.hub.WireForm;
import dev.reactorhub.web.ws.FrameSink;
import dev.reactorhub.wire.ClientCommand;
import dev.reactorhub.wire.CommandParser;
import dev.reactorhub.wire.ControlMessages;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Filters;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import dev.reactorhub.wire.WebSocketFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One client of {@code /ws/stream}: commands in, events and answers out.
 *
 * <p>Commands arrive on the connection's own thread. Whatever is to be sent is sent by one task at
 * a time, which takes all that is pending and writes it at once; it is started by the hub's
 * wake-up, by an answer, or by the heartbeat, and ends when nothing is left. Live events go out in
 * turns of the {@link Sweeper}; what may have to wait, for the peer or for the log, has a virtual
 * thread until it has caught up. An answer goes out before the events that it brings about: both
 * are guarded by the session's monitor. An idle session has no sending thread, and no session has a
 * queue of events: only the hub's cursor.
 */
final class WebSocketSession implements StreamSession, Cohort.Member {
  private static final AtomicIntegerFieldUpdater<WebSocketSession> WAKE_UPS =
      AtomicIntegerFieldUpdater.newUpdater(WebSocketSession.class, "wakeUps");

  private static final int GOING_AWAY_CODE = 1012;
  private static final int VIOLATION_CODE = 1008;
  private static final int FAILURE_CODE = 1011;

  private final StreamSessions sessions;
  private final FrameSink sink;
  private final long clientId;
  private final AnswerQueue answers = new AnswerQueue(this::wake);
  private final WebSocketPublisher publisher;
  private final Sweeper sweeper;
  private final Subscription subscription;

  /** More than 0 while the sending task runs; each wake-up adds one. The first is the greeting. */
  private volatile int wakeUps = 1;

  private volatile long sentAtNanos = System.nanoTime();

  /** Set once the hub goes away. */
  private volatile @Nullable Duration reconnectAfter;

  private WebSocketSession(
      StreamSessions sessions, FrameSink sink, long clientId, StreamRequest.Valid request) {
    this.sessions = sessions;
    this.sink = sink;
    this.clientId = clientId;
    this.publisher = new WebSocketPublisher(sessions, answers, this::answered);
    this.sweeper = sessions.nextSweeper();
    Hub.SubscribeResult result =
        sink.canTryWrite()
            ? sessions.hub().subscribe(request.filter(), request.start(), (Cohort.Member) this)
            : sessions.hub().subscribe(request.filter(), request.start(), this::wake);
    this.subscription =
        switch (result) {
          case Hub.SubscribeResult.Subscribed subscribed -> subscribed.subscription();
          case Hub.SubscribeResult.InFuture future -> throw Filters.inFuture(future.head());
        };
  }

  /**
   * Greets the client and begins to deliver; a request that cannot be served is answered and the
   * connection closed.
   */
  static @Nullable WebSocketSession open(
      StreamSessions sessions, FrameSink sink, StreamRequest request) {
    long clientId = sessions.nextClientId();
    // Read before the subscription begins: no event lies between this position and its first one.
    Position head = sessions.hub().range().headPosition();
    try {
      StreamRequest.Valid valid =
          switch (request) {
            case StreamRequest.Valid served -> served;
            case StreamRequest.Invalid invalid -> throw new ProblemException(invalid.problem());
          };
      WebSocketSession session = new WebSocketSession(sessions, sink, clientId, valid);
      sink.write(greeting(sessions, clientId, session.greetingPosition(valid, head)));
      sessions.add(session);
      sessions.clientEvents().connected(clientId);
      session.startTask();
      return session;
    } catch (ProblemException e) {
      sink.write(greeting(sessions, clientId, head));
      sink.write(frame(ControlMessages.error(e.problem(), null)));
      sink.closeWith(VIOLATION_CODE, e.problem().code().code());
      return null;
    }
  }

  /** Who begins now resumes after where it began; who resumes is told how far it has to go. */
  private Position greetingPosition(StreamRequest.Valid request, Position head) {
    return request.start() instanceof Start.Latest ? subscription.position() : head;
  }

  private static ByteBuffer greeting(StreamSessions sessions, long clientId, Position position) {
    return frame(
        ControlMessages.connected(
            sessions.settings().greeting(), clientId, sessions.clock().instant(), position));
  }

  /** One text message of the client. Connection thread. */
  void onMessage(String text) {
    ClientCommand command = CommandParser.parse(text);
    try {
      switch (command) {
        case ClientCommand.Ping ping ->
            answers.add(
                ping.isJson()
                    ? ControlMessages.pong(sessions.clock().instant())
                    : ControlMessages.PONG);
        case ClientCommand.Echo echo -> answers.add(ControlMessages.echo(echo.text()));
        case ClientCommand.Subscribe subscribe -> subscribe(subscribe);
        case ClientCommand.Unsubscribe unsubscribe -> unsubscribe(unsubscribe);
        case ClientCommand.Publish publish -> publisher.publish(publish);
        case ClientCommand.Bad bad -> {
          if (bad.isPublish()) {
            sessions.publishing().refused(bad.problem().code());
          }
          answers.add(ControlMessages.error(bad.problem(), bad.ref()));
        }
      }
    } catch (ProblemException e) {
      answers.add(ControlMessages.error(e.problem(), ref(command)));
    }
  }

  /** The connection is over. */
  void onClosed(int code, Duration open) {
    sessions.remove(this);
    subscription.close();
    answers.close();
    sessions.clientEvents().disconnected(clientId, code, open);
  }

  @Override
  public void tick(long nowNanos) {
    if (nowNanos - sentAtNanos >= sessions.settings().heartbeat().toNanos()) {
      sentAtNanos = nowNanos;
      answers.addUnbounded(ControlMessages.heartbeat(subscription.position()));
    }
  }

  @Override
  public void goAway(Duration delay) {
    if (reconnectAfter == null) {
      reconnectAfter = delay;
      wake();
    }
  }

  @Override
  public void cut() {
    sink.abort();
  }

  /** The last answer may be what the goodbye waits for. */
  private void answered() {
    if (reconnectAfter != null) {
      wake();
    }
  }

  private void subscribe(ClientCommand.Subscribe command) {
    synchronized (this) {
      EventFilter wanted = subscription.filter().plusChannels(command.channels());
      if (!command.types().isEmpty()) {
        wanted = wanted.withTypes(wanted.types().plus(command.types()));
      }
      Filters.checked(wanted, sessions.settings().limits());
      Position after = command.after();
      if (after == null) {
        subscription.change(wanted);
      } else {
        requireChanged(subscription.change(wanted, after));
      }
      Position from = after == null ? subscription.position() : after;
      answers.addUnbounded(ControlMessages.subscribed(command, wanted, from));
    }
  }

  private static void requireChanged(Subscription.ChangeResult result) {
    switch (result) {
      case Subscription.ChangeResult.Changed changed -> {}
      case Subscription.ChangeResult.InFuture future -> throw Filters.inFuture(future.head());
      case Subscription.ChangeResult.TooFarBack tooFar ->
          throw new ProblemException(
              ErrorCode.REWIND_TOO_FAR,
              "this session changed its subscription too often to go back there; connect again with"
                  + " ?after=");
    }
  }

  private void unsubscribe(ClientCommand.Unsubscribe command) {
    synchronized (this) {
      EventFilter wanted = subscription.filter().minusChannels(command.channels());
      if (!command.types().isEmpty()) {
        TypeRule fewer = wanted.types().minus(command.types());
        wanted = wanted.withTypes(fewer);
      }
      Filters.checked(wanted, sessions.settings().limits());
      subscription.change(wanted);
      answers.addUnbounded(ControlMessages.unsubscribed(command, wanted));
    }
  }

  private static @Nullable Json ref(ClientCommand command) {
    return switch (command) {
      case ClientCommand.Subscribe subscribe -> subscribe.ref();
      case ClientCommand.Unsubscribe unsubscribe -> unsubscribe.ref();
      case ClientCommand.Publish publish -> publish.ref();
      case ClientCommand.Bad bad -> bad.ref();
      case ClientCommand.Ping ping -> null;
      case ClientCommand.Echo echo -> null;
    };
  }

  @Override
  public Cohort.Server server() {
    return sweeper;
  }

  /** Makes sure that what is pending is sent. */
  @Override
  public void wake() {
    if (WAKE_UPS.getAndIncrement(this) == 0) {
      startTask();
    }
  }

  @Override
  public void turn() {
    if (WAKE_UPS.getAndIncrement(this) == 0) {
      sweep();
    }
  }

  private void startTask() {
    if (sink.canTryWrite()) {
      sweeper.add(this::sweep);
    } else {
      sessions.senders().execute(this::send);
    }
  }

  /** One turn: writes what is pending, without waiting. Sweeping thread. */
  private void sweep() {
    int seen = wakeUps;
    goOn(seen, sweepOnce());
  }

  private void goOn(int seenWakeUps, Swept swept) {
    switch (swept) {
      case MORE -> sweeper.add(this::sweep);
      case WAIT -> sessions.senders().execute(this::send);
      case DONE -> {
        if (!WAKE_UPS.compareAndSet(this, seenWakeUps, 0)) {
          sweeper.add(this::sweep);
        }
      }
    }
  }

  private Swept sweepOnce() {
    if (!sink.isOpen()) {
      return Swept.DONE;
    }
    if (reconnectAfter != null) {
      return Swept.WAIT;
    }
    Next next;
    synchronized (this) {
      // What is rare, or may have to wait, is left to a thread of its own.
      next = answers.isEmpty() ? subscription.pollLive(Sweeper.EVENT_BYTES_PER_WRITE_MAX) : null;
    }
    return switch (next) {
      case null -> Swept.WAIT;
      case Next.Nothing nothing -> Swept.DONE;
      // In a cohort: the next event gives the next turn.
      case Next.Events events ->
          write(sweeper.webSocketFrames(events.events()), events.isAll() ? Swept.DONE : Swept.MORE);
      case Next.Gap gap -> write(frame(ControlMessages.gap(gap)), Swept.MORE);
      case Next.Lagging lagging -> write(frame(ControlMessages.lagging(lagging)), Swept.MORE);
      case Next.CaughtUp caughtUp ->
          write(frame(ControlMessages.caughtUp(caughtUp.position())), Swept.MORE);
    };
  }

  private Swept write(ByteBuffer frames, Swept onceAllIsTaken) {
    sentAtNanos = System.nanoTime();
    return sink.tryWrite(frames) ? onceAllIsTaken : Swept.WAIT;
  }

  /** What is left after a turn. */
  private enum Swept {
    /** Nothing: the next wake-up gives the next turn. */
    DONE,
    /** Maybe more: another turn. */
    MORE,
    /** Something that may have to wait for the peer or the log. */
    WAIT
  }

  private void send() {
    int seen;
    do {
      seen = wakeUps;
      try {
        sink.finishWrite();
        sendPending();
      } catch (RuntimeException e) { // the task's top
        end(Failures.problem(e));
      }
    } while (!WAKE_UPS.compareAndSet(this, seen, 0));
  }

  private void end(Problem problem) {
    sink.write(frame(ControlMessages.error(problem, null)));
    sink.closeWith(FAILURE_CODE, problem.code().code());
  }

  private void sendPending() {
    List<ByteBuffer> frames = new ArrayList<>();
    boolean isMore = true;
    while (isMore && sink.isOpen()) {
      Duration delay = reconnectAfter;
      if (delay != null && !publisher.isBusy()) {
        sayGoodbye(delay);
        return;
      }
      frames.clear();
      Next live;
      synchronized (this) {
        for (String answer : answers.takeAll()) {
          frames.add(frame(answer));
        }
        live = subscription.pollLive(Sweeper.EVENT_BYTES_PER_WRITE_MAX);
      }
      if (live == null && !frames.isEmpty()) {
        write(frames);
        frames.clear();
      }
      Next next = live == null ? sessions.hub().replays().inTurn(this::replay) : live;
      switch (next) {
        case null -> sink.finishWrite();
        case Next.Events events -> {
          long bytes = 0;
          for (EncodedEvent event : events.events()) {
            byte[] frame = event.bytes(WireForm.WEBSOCKET);
            bytes += frame.length;
            frames.add(ByteBuffer.wrap(frame));
          }
          figures().delivered(events.events().size(), bytes);
        }
        case Next.Gap gap -> frames.add(frame(ControlMessages.gap(gap)));
        case Next.Lagging lagging -> frames.add(frame(ControlMessages.lagging(lagging)));
        case Next.CaughtUp caughtUp ->
            frames.add(frame(ControlMessages.caughtUp(caughtUp.position())));
        case Next.Nothing nothing -> isMore = false;
      }
      if (!frames.isEmpty()) {
        write(frames);
      }
    }
  }

  private void write(List<ByteBuffer> frames) {
    sentAtNanos = System.nanoTime();
    sink.write(frames.toArray(ByteBuffer[]::new));
  }

  /**
   * Reads what this client is behind and, where that needs no waiting, sends it as well: on the
   * replaying thread, so that many that catch up do not crowd the virtual ones.
   *
   * @return what is still to be sent; null: nothing, or what {@link FrameSink#finishWrite} sends
   */
  private @Nullable Next replay() {
    Next next;
    synchronized (this) {
      next = answers.isEmpty() ? subscription.pollBehind(Sweeper.EVENT_BYTES_PER_WRITE_MAX) : null;
    }
    if (next instanceof Next.Events events && sink.canTryWrite()) {
      sentAtNanos = System.nanoTime();
      JoinedEvents joined = JoinedEvents.ofThread(WireForm.WEBSOCKET);
      sink.tryWrite(joined.of(events.events()));
      joined.report(figures());
      return null;
    }
    return next;
  }

  private DeliveryFigures figures() {
    return sessions.figures(Sessions.Face.WEBSOCKET);
  }

  /** By the sending task, so that every event up to the position told has been written. */
  private void sayGoodbye(Duration delay) {
    List<ByteBuffer> frames = new ArrayList<>();
    synchronized (this) {
      for (String answer : answers.takeAll()) {
        frames.add(frame(answer));
      }
    }
    frames.add(frame(ControlMessages.goingAway(subscription.position(), delay)));
    write(frames);
    sink.closeWith(GOING_AWAY_CODE, "reconnect after " + delay.toMillis() + " ms");
  }

  private static ByteBuffer frame(String message) {
    return ByteBuffer.wrap(WebSocketFrame.text(message));
  }
}
