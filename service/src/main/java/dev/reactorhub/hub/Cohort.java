package dev.reactorhub.hub;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one lane that one thread serves, one after the other: an event wakes the
 * cohort, not each of them, and those that stand at the same place are given the same events.
 */
public final class Cohort {
  private final Server server;

  /** True from when the server is told until it serves. */
  private final AtomicBoolean isDue = new AtomicBoolean();

  /** Guarded by this. */
  private final Seats seats = new Seats();

  Cohort(Server server) {
    this.server = server;
  }

  /** The one thread that serves a cohort. */
  public interface Server {
    /** {@link Cohort#serve} is to be called soon, by the serving thread. Any thread; at once. */
    void due(Cohort cohort);
  }

  /** Who subscribed. */
  public interface Member {
    /** Always the same. */
    Server server();

    /** To be sent what it can {@link Subscription#pollLive poll}. Serving thread; must not wait. */
    void turn();

    /** There may be something to poll. Any thread; must return at once. */
    void wake();
  }

  /**
   * Gives every member its turn. Events that come meanwhile are in the turns that follow: the
   * fuller the hub, the more events has each. Serving thread.
   */
  public void serve() {
    isDue.set(false);
    for (Subscription member : members()) {
      member.turn();
    }
  }

  /** Has the cohort served, once, however often this is called before. */
  void announce() {
    if (!isDue.get() && isDue.compareAndSet(false, true)) {
      server.due(this);
    }
  }

  boolean isServedBy(@Nullable Server other) {
    return server.equals(other);
  }

  synchronized void join(Subscription subscription) {
    seats.add(subscription);
  }

  /** Returns true when nobody is left. */
  synchronized boolean leave(Subscription subscription) {
    seats.remove(subscription);
    return seats.isEmpty();
  }

  private synchronized List<Subscription> members() {
    return List.copyOf(seats.all());
  }
}
