package dev.reactorhub.client;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer has been given and has not dealt with: a lane for each channel (of an exclusive
 * consumer one for all), of which one event at a time is with the handler. Guarded by the lock of
 * the consumer, but for the handler's calls, which are made without it.
 */
final class ConsumerWork {
  private static final int IDLE_SECONDS = 10;
  private static final int ERROR_CHARS_MAX = 1024;

  /** Who learns, under the lock, what became of an event. */
  interface Outcomes {
    void handled(Item item);

    /**
     * To be given back.
     *
     * @return the number of a frame that the hub confirms after it has taken this one; 0 if it was
     *     not given back, because the call is over
     */
    long failed(Item item, Duration delay, String error);

    /** A thread has nothing more to do for now. */
    void paused();
  }

  /** One event given out. */
  static final class Item {
    final ConsumedEvent consumed;

    /** The call it was given out on last. */
    ConsumeCall call;

    /** When the handler was called; 0 before. */
    long startedNanos;

    Item(ConsumedEvent consumed, ConsumeCall call) {
      this.consumed = consumed;
      this.call = call;
    }

    Event event() {
      return consumed.event();
    }
  }

  /**
   * An event was given back. What the hub sent behind it before it knew is on its way still; the
   * hub has taken that back and will send it again in its order, so it must not be handled before.
   *
   * @param seq the event that the hub sends first of those it has taken back
   * @param ref a frame that the hub confirms once it knows
   */
  private record GivenBack(long seq, long ref) {}

  /** Events in their order. It is in the map while it has any. */
  private static final class Lane {
    final String key;
    final ArrayDeque<Item> waiting = new ArrayDeque<>();

    /** The one with the handler. */
    @Nullable Item running;

    boolean isScheduled;

    /**
     * Until the first of what was given back has come again, or the hub has confirmed the frame.
     */
    @Nullable GivenBack givenBack;

    /** What came since out of its order. */
    final List<Long> held = new ArrayList<>();

    boolean isEmpty() {
      return !isScheduled && waiting.isEmpty() && givenBack == null;
    }

    Lane(String key) {
      this.key = key;
    }
  }

  private final ReentrantLock lock;
  private final ConsumerSpec spec;
  private final ConsumeHandler handler;
  private final Outcomes outcomes;
  private final Timing timing;
  private final ThreadPoolExecutor threads;
  private final Map<String, Lane> lanes = new HashMap<>();

  /** Any thread. */
  private final Set<Thread> handling = ConcurrentHashMap.newKeySet();

  /** With the last of so many the hub gives an event up. */
  private int attemptsMax = Integer.MAX_VALUE;

  private boolean isClosed;

  ConsumerWork(
      ReentrantLock lock,
      ConsumerSpec spec,
      ConsumeHandler handler,
      Outcomes outcomes,
      Timing timing,
      ThreadFactory factory) {
    this.lock = lock;
    this.spec = spec;
    this.handler = handler;
    this.outcomes = outcomes;
    this.timing = timing;
    int count = spec.isExclusive() ? 1 : spec.concurrency();
    // The queue holds at most one entry for each lane, and lanes are bounded by the credit.
    this.threads =
        new ThreadPoolExecutor(
            count, count, IDLE_SECONDS, SECONDS, new LinkedBlockingQueue<>(), factory);
    this.threads.allowCoreThreadTimeOut(true);
  }

  /** Takes an event to the handler, in its turn. */
  void add(ConsumedEvent consumed, ConsumeCall call) {
    if (isClosed) {
      return;
    }
    Event event = consumed.event();
    Lane lane = lanes.computeIfAbsent(spec.isExclusive() ? "" : event.channel(), Lane::new);
    Item running = lane.running;
    if (running != null && running.event().position().equals(event.position())) {
      // The handler has it still, from before a connection broke: it is not called twice at a time.
      running.call = call;
      return;
    }
    GivenBack givenBack = lane.givenBack;
    if (givenBack != null && event.seq() > givenBack.seq()) {
      lane.held.add(event.seq());
      return;
    }
    if (givenBack != null && event.seq() == givenBack.seq()) {
      forgetGivenBack(lane);
    }
    dropFrom(lane, event.seq());
    lane.waiting.add(new Item(consumed, call));
    schedule(lane);
  }

  /** An event that comes again was taken back by the hub, and with it what was behind it. */
  private static void dropFrom(Lane lane, long seq) {
    Item last = lane.waiting.peekLast();
    while (last != null && last.event().seq() >= seq) {
      lane.waiting.removeLast();
      last = lane.waiting.peekLast();
    }
  }

  /** How often the hub gives out an event. */
  void attemptsMax(int value) {
    attemptsMax = value;
  }

  /**
   * The hub has taken this frame and those before it: what was sent before it knew of events given
   * back has come.
   *
   * @return what came behind them: taken back by the hub, or, if another client has dealt with the
   *     one given back meanwhile, given out in good order. Giving it back is right for both
   */
  List<Long> confirmed(long ref) {
    List<Long> held = new ArrayList<>();
    Iterator<Lane> all = lanes.values().iterator();
    while (all.hasNext()) {
      Lane lane = all.next();
      GivenBack givenBack = lane.givenBack;
      if (givenBack != null && givenBack.ref() <= ref) {
        held.addAll(lane.held);
        forgetGivenBack(lane);
        if (lane.isEmpty()) {
          all.remove();
        }
      }
    }
    return held;
  }

  private static void forgetGivenBack(Lane lane) {
    lane.givenBack = null;
    lane.held.clear();
  }

  private void schedule(Lane lane) {
    if (!lane.isScheduled) {
      lane.isScheduled = true;
      threads.execute(() -> turn(lane));
    }
  }

  private void turn(Lane lane) {
    Item item = take(lane);
    if (item == null) {
      return;
    }
    Failure failure = handle(item.consumed);
    lock.lock();
    try {
      lane.running = null;
      if (failure == null) {
        outcomes.handled(item);
      } else {
        giveBack(lane, item, failure);
      }
      leave(lane);
    } finally {
      lock.unlock();
    }
  }

  /** The hub takes back what is behind the failed one, to send it again in its order. */
  private void giveBack(Lane lane, Item item, Failure failure) {
    long ref = outcomes.failed(item, failure.delay(), failure.error());
    Item behind = lane.waiting.peek();
    lane.waiting.clear();
    if (ref == 0) {
      return;
    }
    if (item.consumed.attempt() < attemptsMax) {
      lane.givenBack = new GivenBack(item.event().seq(), ref);
    } else if (behind != null) {
      // The failed one was the last time given out: the first behind it comes next.
      lane.givenBack = new GivenBack(behind.event().seq(), ref);
    }
  }

  private @Nullable Item take(Lane lane) {
    lock.lock();
    try {
      Item item = lane.waiting.poll();
      if (item == null) {
        leave(lane);
        return null;
      }
      item.startedNanos = timing.nanoTime();
      lane.running = item;
      return item;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Lane lane) {
    lane.isScheduled = false;
    if (lane.isEmpty()) {
      lanes.remove(lane.key);
    } else if (!lane.waiting.isEmpty()) {
      schedule(lane);
    }
    outcomes.paused();
  }

  /** Why an event was not dealt with. */
  private record Failure(Duration delay, String error) {}

  private @Nullable Failure handle(ConsumedEvent consumed) {
    handling.add(Thread.currentThread());
    try {
      handler.handle(consumed);
      return null;
    } catch (RejectedEventException e) {
      return new Failure(e.delay(), cut(String.valueOf(e.getMessage())));
    } catch (Throwable e) {
      // Errors included: an event that breaks the handler must not stop its channel in silence.
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      Logging.LOG.log(
          System.Logger.Level.WARNING,
          "a consumer's handler failed consumer="
              + spec.name()
              + " position="
              + consumed.event().position()
              + " attempt="
              + consumed.attempt(),
          e);
      Duration delay = spec.rejectDelay().delay(consumed.attempt(), timing.random());
      return new Failure(delay, cut(e.toString()));
    } finally {
      handling.remove(Thread.currentThread());
    }
  }

  private static String cut(String error) {
    return error.length() <= ERROR_CHARS_MAX ? error : error.substring(0, ERROR_CHARS_MAX);
  }

  /** Nothing that the handler has not begun with is to be begun. */
  void dropWaiting() {
    Iterator<Lane> all = lanes.values().iterator();
    while (all.hasNext()) {
      Lane lane = all.next();
      lane.waiting.clear();
      forgetGivenBack(lane);
      if (lane.isEmpty()) {
        all.remove();
      }
    }
  }

  /** Nothing more is taken; the threads end when the handlers have returned. */
  void close() {
    isClosed = true;
    dropWaiting();
    threads.shutdown();
  }

  /** Whether anything waits or is with the handler. */
  boolean isIdle() {
    return lanes.values().stream().allMatch(lane -> lane.running == null && lane.waiting.isEmpty());
  }

  /** What to ask more time for: all but what a handler has had for too long, and its followers. */
  List<Long> unfinished(ConsumeCall call) {
    long nowNanos = timing.nanoTime();
    List<Long> seqs = new ArrayList<>();
    for (Lane lane : lanes.values()) {
      Item running = lane.running;
      if (running == null || nowNanos - running.startedNanos < spec.handlingTimeMax().toNanos()) {
        add(seqs, running, call);
        lane.waiting.forEach(item -> add(seqs, item, call));
      }
    }
    return seqs;
  }

  private static void add(List<Long> seqs, @Nullable Item item, ConsumeCall call) {
    if (item != null && item.call == call) {
      seqs.add(item.event().seq());
    }
  }

  /** Whether the calling thread is in the handler. Any thread. */
  boolean isHandling() {
    return handling.contains(Thread.currentThread());
  }
}
