package dev.reactorhub.consumer;

import dev.reactorhub.log.AppendResult.Reason;
import dev.reactorhub.log.NamedCursors;
import dev.reactorhub.log.NamedCursors.Outcome;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stores the state of one consumer, one write at a time: what changes meanwhile goes into the next,
 * so that many acknowledgements share one sync. What may wait begins no sooner after the write
 * before began than {@link #APART_NANOS}, and as long as more is to come than {@link
 * #APART_BUSY_NANOS}: a busy consumer costs the disk no more than 40 syncs a second.
 */
final class Saving {
  private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long APART_BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private final Target target;
  private final ReentrantLock lock;
  private final Owner owner;

  // All below is guarded by the lock.

  /** Completes with the write that is to follow; null: nobody wants one. */
  private @Nullable CompletableFuture<Outcome> next;

  /** How long it is to begin after the one before it did. */
  private long apartNanos = APART_BUSY_NANOS;

  private boolean isUnderWay;
  private boolean isTimerSet;
  private long timerNanos;
  private long begunNanos = System.nanoTime() - APART_BUSY_NANOS;

  /**
   * Where it stores.
   *
   * @param name of the consumer
   * @param executor of what may wait for the log
   */
  record Target(String name, NamedCursors cursors, Executor executor) {}

  /** Whose state it stores. Called with the lock held. */
  interface Owner {
    /** What is to be stored now; empty: nothing is to be left. */
    Optional<byte[]> state();

    /** What {@link #state} gave last was stored, or not. */
    void saved(Outcome outcome);

    /** After that, without the lock. */
    void afterSaved();
  }

  Saving(Target target, ReentrantLock lock, Owner owner) {
    this.target = target;
    this.lock = lock;
    this.owner = owner;
  }

  /**
   * Has what is so now stored as soon as may be. With the lock held; completes without it, never
   * exceptionally.
   */
  CompletableFuture<Outcome> save() {
    return want(0);
  }

  /** Has what is so now stored, which may wait. With the lock held. */
  void saveSoon() {
    var _ = want(APART_NANOS);
  }

  /** As {@link #saveSoon}, while more is under way that will have to be stored. */
  void saveWithMore() {
    var _ = want(APART_BUSY_NANOS);
  }

  private CompletableFuture<Outcome> want(long apart) {
    CompletableFuture<Outcome> wanted = next == null ? new CompletableFuture<>() : next;
    next = wanted;
    apartNanos = Math.min(apartNanos, apart);
    beginWhenDue();
    return wanted;
  }

  private void beginWhenDue() {
    CompletableFuture<Outcome> wanted = next;
    if (wanted == null || isUnderWay) {
      return;
    }
    long dueNanos = begunNanos + apartNanos;
    long waitNanos = dueNanos - System.nanoTime();
    if (waitNanos <= 0) {
      begin(wanted);
    } else if (!isTimerSet || dueNanos - timerNanos < 0) {
      isTimerSet = true;
      timerNanos = dueNanos;
      CompletableFuture.delayedExecutor(waitNanos, TimeUnit.NANOSECONDS, target.executor())
          .execute(this::timer);
    }
  }

  private void timer() {
    lock.lock();
    try {
      isTimerSet = false;
      beginWhenDue();
    } finally {
      lock.unlock();
    }
  }

  private void begin(CompletableFuture<Outcome> wanted) {
    next = null;
    apartNanos = APART_BUSY_NANOS;
    isUnderWay = true;
    begunNanos = System.nanoTime();
    Map<String, Optional<byte[]>> change = Map.of(target.name(), owner.state());
    target.executor().execute(() -> store(change, wanted));
  }

  private void store(Map<String, Optional<byte[]>> change, CompletableFuture<Outcome> wanted) {
    var _ =
        target
            .cursors()
            .store(change)
            .whenCompleteAsync(
                (outcome, failure) ->
                    ended(
                        wanted, outcome == null ? new Outcome.Refused(Reason.LOG_FAILED) : outcome),
                target.executor());
  }

  private void ended(CompletableFuture<Outcome> wanted, Outcome outcome) {
    lock.lock();
    try {
      isUnderWay = false;
      owner.saved(outcome);
      beginWhenDue();
    } finally {
      lock.unlock();
    }
    wanted.complete(outcome);
    owner.afterSaved();
  }
}
