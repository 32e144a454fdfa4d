package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Flow;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A subscription in the form of Reactive Streams: each subscriber has its own. Any thread. */
final class EventPublisher implements Flow.Publisher<Delivery> {
  /** Opens the stream of one subscriber; told what to run when the stream is over. */
  private final Function<Runnable, EventStream> streams;

  private final ThreadFactory threads;

  EventPublisher(Function<Runnable, EventStream> streams, ThreadFactory threads) {
    this.streams = streams;
    this.threads = threads;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Delivery> subscriber) {
    requireNonNull(subscriber, "subscriber");
    Demand demand = new Demand();
    EventStream stream;
    try {
      stream = streams.apply(demand::end);
    } catch (ReactorException e) {
      subscriber.onSubscribe(new Nothing());
      subscriber.onError(e);
      return;
    }
    threads.newThread(() -> new Feed(stream, demand).run(subscriber)).start();
  }

  /** How many deliveries a subscriber has asked for and not been given. Any thread. */
  private static final class Demand {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.

    private long open;
    private boolean isEnded;
    private @Nullable IllegalArgumentException violation;

    void add(long count) {
      lock.lock();
      try {
        if (count < 1) {
          // Rule 3.9 of Reactive Streams.
          violation =
              new IllegalArgumentException("request(" + count + "): must be at least 1 (rule 3.9)");
        } else {
          // Rule 3.17: what exceeds a long counts as no bound at all.
          open = open + count < 0 ? Long.MAX_VALUE : open + count;
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void end() {
      lock.lock();
      try {
        isEnded = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** Waits for demand, or until there will be none; false then. */
    boolean await() throws InterruptedException {
      lock.lock();
      try {
        while (open == 0 && !isEnded && violation == null) {
          changed.await();
        }
        return open > 0 && violation == null;
      } finally {
        lock.unlock();
      }
    }

    void taken() {
      lock.lock();
      try {
        if (open < Long.MAX_VALUE) {
          open--;
        }
      } finally {
        lock.unlock();
      }
    }

    @Nullable IllegalArgumentException violation() {
      lock.lock();
      try {
        return violation;
      } finally {
        lock.unlock();
      }
    }
  }

  /** Hands deliveries to one subscriber, on the thread of the subscription. */
  private static final class Feed implements Flow.Subscription {
    private final EventStream stream;
    private final Demand demand;
    private volatile boolean isCancelled;

    Feed(EventStream stream, Demand demand) {
      this.stream = stream;
      this.demand = demand;
    }

    @Override
    public void request(long count) {
      if (!isCancelled) {
        demand.add(count);
      }
    }

    @Override
    public void cancel() {
      isCancelled = true;
      stream.close();
      demand.end();
    }

    void run(Flow.Subscriber<? super Delivery> subscriber) {
      try {
        subscriber.onSubscribe(this);
        feed(subscriber);
      } catch (InterruptedException e) {
        // Only the subscriber can have interrupted this thread; it is ours, so this ends it.
        fail(subscriber, new ReactorException.Interrupted(e));
      } catch (ReactorException e) {
        fail(subscriber, e);
      } catch (Throwable e) {
        // Rule 2.13: a subscriber must not throw; who does hears no more.
        Logging.LOG.log(System.Logger.Level.ERROR, "a subscriber failed", e);
      } finally {
        stream.close();
      }
    }

    private void feed(Flow.Subscriber<? super Delivery> subscriber) throws InterruptedException {
      while (demand.await() && stream.hasNext()) {
        demand.taken();
        subscriber.onNext(stream.next());
      }
      if (isCancelled) {
        return;
      }
      IllegalArgumentException violation = demand.violation();
      if (violation != null) {
        subscriber.onError(violation);
      } else {
        subscriber.onComplete();
      }
    }

    private void fail(Flow.Subscriber<? super Delivery> subscriber, ReactorException failure) {
      if (!isCancelled) {
        Logging.contain("a subscriber failed", () -> subscriber.onError(failure));
      }
    }
  }

  /** The subscription of a subscriber that is refused at once: onSubscribe comes first. */
  private static final class Nothing implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }
}
