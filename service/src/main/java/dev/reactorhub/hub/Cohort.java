package dev.reactorhub.hub;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one lane that one thread serves. An event wakes the cohort, not each of
 * them, and what they are to be sent is gathered once: they all stand at the same place, but for
 * those that are behind, who are woken by themselves.
 */
public final class Cohort {
  private final Dispatcher dispatcher;
  private final Lane lane;
  private final Server server;

  /** True from when the server is told until it serves. */
  private final AtomicBoolean isDue = new AtomicBoolean();

  /** Guarded by this. */
  private final Seats seats = new Seats();

  /** What lies behind was given to the members. Serving thread only. */
  private long position;

  Cohort(Dispatcher dispatcher, Lane lane, Server server, long position) {
    this.dispatcher = dispatcher;
    this.lane = lane;
    this.server = server;
    this.position = position;
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

    /**
     * The events of its lane that follow what the cohort was given before; they are sent if {@link
     * Subscription#take} says so, and if not, {@link #wake} is called for. Serving thread; must not
     * wait.
     */
    void turn(LiveRun run);

    /** There may be something to poll. Any thread; must return at once. */
    void wake();
  }

  /**
   * Gives every member its turn, if there is anything new. Serving thread.
   *
   * @param bytesMax stop adding events beyond this many bytes; the first is always added
   */
  public void serve(int bytesMax) {
    isDue.set(false);
    LiveRun run = dispatcher.eventsAfter(position, lane, bytesMax);
    if (run == null) {
      // The window has moved on: each finds out for itself where it stands.
      position = dispatcher.dispatchedSeq();
      members().forEach(Subscription::wake);
    } else if (!run.events().isEmpty()) {
      position = run.lastSeq();
      members().forEach(subscription -> subscription.turn(run));
    }
    if (run == null || !run.isAll()) {
      announce();
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
