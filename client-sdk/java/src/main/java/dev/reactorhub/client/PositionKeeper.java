package dev.reactorhub.client;

import dev.reactorhub.client.ReactorException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes how far one subscription has come to its store, not more often than it should. Any thread.
 */
final class PositionKeeper {
  private final PositionStore store;
  private final Duration interval;
  private final Timing timing;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.

  private @Nullable String handled;
  private @Nullable String saved;
  private long savedAtNanos;

  PositionKeeper(PositionStore store, HubConnection hub) {
    this.store = store;
    this.interval = hub.settings().positionSaveInterval();
    this.timing = hub.timing();
    this.savedAtNanos = timing.nanoTime() - interval.toNanos();
  }

  Optional<String> load() {
    try {
      Optional<String> found = store.load();
      saved = found.map(Names::position).orElse(null);
      return found;
    } catch (IOException | RuntimeException e) {
      throw new ReactorException.PositionLost(
          new Reason("position_lost", "the position store failed: " + e), e);
    }
  }

  /** Everything up to here has been handled. */
  void handled(String position) {
    lock.lock();
    try {
      handled = position;
    } finally {
      lock.unlock();
    }
  }

  /** How long what was handled may stay unsaved: zero when it is time; empty when all is saved. */
  Optional<Duration> untilSave() {
    lock.lock();
    try {
      if (handled == null || handled.equals(saved)) {
        return Optional.empty();
      }
      Duration left = interval.minusNanos(timing.nanoTime() - savedAtNanos);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } finally {
      lock.unlock();
    }
  }

  /** Saves what was handled, if it is not saved. */
  void save() {
    lock.lock();
    try {
      String newest = handled;
      if (newest == null || newest.equals(saved)) {
        return;
      }
      savedAtNanos = timing.nanoTime();
      store.save(newest);
      saved = newest;
    } catch (IOException | RuntimeException e) {
      Logging.LOG.log(Level.WARNING, "a position was not saved position=" + handled, e);
    } finally {
      lock.unlock();
    }
  }
}
