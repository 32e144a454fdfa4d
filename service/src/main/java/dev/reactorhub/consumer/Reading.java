package dev.reactorhub.consumer;

import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.GapReason;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Next;
import dev.reactorhub.hub.Start;
import dev.reactorhub.hub.Subscription;
import dev.reactorhub.log.ReadLimit;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads for one consumer while it has clients: what comes next, and what must be given again. One
 * thread at a time, of whoever wants more while that is held in memory; nothing here waits with the
 * consumer's lock held.
 */
final class Reading implements AutoCloseable {
  private static final int READ_BYTES = 256 << 10;
  private static final ReadLimit AGAIN = new ReadLimit(256, READ_BYTES);

  private final Hub hub;
  private final EventFilter filter;
  private final Executor executor;
  private final Sink sink;
  private final Subscription subscription;

  /** More than 0 while the task runs; each wake-up adds one. */
  private final AtomicInteger wakeUps = new AtomicInteger();

  /** False while the subscription has nothing. */
  private volatile boolean hasMore = true;

  private volatile boolean isClosed;

  /** What to read next. */
  sealed interface Wish {
    /** Whatever comes next. */
    record More() implements Wish {}

    /** An event that was read before. */
    record Again(long seq) implements Wish {}

    /** Nothing. */
    record Nothing() implements Wish {}
  }

  /** Who reads. Called by one task at a time. */
  interface Sink {
    /** What to read next. */
    Wish wish();

    /** Events that come next, all that match up to the last. */
    void read(List<EncodedEvent> events);

    /** Nothing matches up to here but what was given. */
    void readThrough(long seq);

    /** Events are missing behind what was given. */
    void hole(Next.Gap gap);

    /**
     * Events were read again.
     *
     * @param events may hold others as well
     */
    void readAgain(List<EncodedEvent> events);

    /** An event that was to be read again is gone. */
    void gone(long seq, Next.Gap gap);

    /** The log cannot be read. */
    void failed(RuntimeException cause);
  }

  /** Reads after a place of this log. */
  Reading(Hub hub, EventFilter filter, Position after, Executor executor, Sink sink) {
    this.hub = hub;
    this.filter = filter;
    this.executor = executor;
    this.sink = sink;
    this.subscription =
        switch (hub.subscribe(filter, new Start.After(after), this::onMore)) {
          case Hub.SubscribeResult.Subscribed subscribed -> subscribed.subscription();
          case Hub.SubscribeResult.InFuture future ->
              throw new IllegalStateException(
                  "a consumer is at " + after + ", beyond the head " + future.head());
        };
  }

  /** Reads what is wished for. Any thread; returns at once. */
  void wake() {
    if (wakeUps.getAndIncrement() == 0) {
      executor.execute(() -> run(true));
    }
  }

  /** As {@link #wake}, but what is held in memory is read before it returns. Never waits. */
  void readHeld() {
    if (wakeUps.getAndIncrement() == 0) {
      run(false);
    }
  }

  /** False when there is nothing more to read at present. */
  boolean hasMore() {
    return hasMore;
  }

  /** Learns how far nothing matches. Any thread; returns at once. */
  void refresh() {
    onMore();
  }

  @Override
  public void close() {
    isClosed = true;
    subscription.close();
  }

  private void onMore() {
    hasMore = true;
    wake();
  }

  /**
   * Reads until nothing is wished for.
   *
   * @param mayWait false: what has to be waited for is left to the executor
   */
  private void run(boolean mayWait) {
    int seen;
    do {
      seen = wakeUps.get();
      try {
        if (!readWished(mayWait)) {
          executor.execute(() -> run(true));
          return;
        }
      } catch (RuntimeException e) { // the task's top
        isClosed = true;
        sink.failed(e);
      }
    } while (!wakeUps.compareAndSet(seen, 0));
  }

  /** Returns false when it would have to wait for more. */
  private boolean readWished(boolean mayWait) {
    while (!isClosed) {
      switch (sink.wish()) {
        case Wish.Nothing nothing -> {
          return true;
        }
        case Wish.Again again -> {
          if (!mayWait) {
            return false;
          }
          readAgain(again.seq());
        }
        case Wish.More more -> {
          if (!hasMore) {
            return true;
          }
          // Before the poll: whoever wakes after it must find it set again.
          hasMore = false;
          Next next = mayWait ? subscription.poll(READ_BYTES) : subscription.pollHeld(READ_BYTES);
          if (!(next instanceof Next.Nothing)) {
            hasMore = true;
          }
          if (next == null) {
            return false;
          }
          read(next);
        }
      }
    }
    return true;
  }

  private void read(Next next) {
    switch (next) {
      case Next.Events events -> sink.read(events.events());
      case Next.Gap gap -> sink.hole(gap);
      case Next.CaughtUp caughtUp -> sink.readThrough(caughtUp.position().seq());
      case Next.Lagging lagging -> {}
      case Next.Nothing nothing -> sink.readThrough(subscription.position().seq());
    }
  }

  private void readAgain(long seq) {
    Position before = new Position(hub.range().epoch(), seq - 1);
    Position at = new Position(before.epoch(), seq);
    switch (hub.history(before, filter, AGAIN)) {
      case Hub.HistoryResult.Page page -> {
        sink.readAgain(page.events());
        if (page.events().isEmpty() || page.events().getFirst().seq() > seq) {
          sink.gone(seq, new Next.Gap(before, at, at, GapReason.CHANNEL_RETENTION));
        }
      }
      case Hub.HistoryResult.Gone gone ->
          sink.gone(seq, new Next.Gap(before, at, at, gone.reason()));
      case Hub.HistoryResult.InFuture future ->
          throw new IllegalStateException(
              "event " + seq + " was given out beyond the head " + future.head());
    }
  }
}
