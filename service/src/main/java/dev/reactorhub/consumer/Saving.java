package dev.reactorhub.consumer;

import dev.reactorhub.log.AppendResult.Reason;
import dev.reactorhub.log.NamedCursors;
import dev.reactorhub.log.NamedCursors.Outcome;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stores the state of one consumer, one write at a time: what changes meanwhile goes into the next,
 * so that many acknowledgements share one sync.
 */
final class Saving {
  private final Target target;
  private final ReentrantLock lock;
  private final Owner owner;

  /** Completes with the write that is to follow; null: nobody wants one. Guarded by the lock. */
  private @Nullable CompletableFuture<Outcome> next;

  /** Guarded by the lock. */
  private boolean isUnderWay;

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

  /** Has what is so now stored. With the lock held; completes without it, never exceptionally. */
  CompletableFuture<Outcome> save() {
    if (next == null) {
      next = new CompletableFuture<>();
    }
    CompletableFuture<Outcome> wanted = next;
    if (!isUnderWay) {
      begin(wanted);
    }
    return wanted;
  }

  private void begin(CompletableFuture<Outcome> wanted) {
    next = null;
    isUnderWay = true;
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
      if (next != null) {
        begin(next);
      }
    } finally {
      lock.unlock();
    }
    wanted.complete(outcome);
    owner.afterSaved();
  }
}
