package dev.reactorhub.history;

import dev.reactorhub.event.Position;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Everything that publishers and subscribers saw of a hub. Safe from any thread. */
public final class History {
  private final List<Publisher> publishers = new CopyOnWriteArrayList<>();
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();

  /** One object for what many are told: each event comes once to each subscriber. */
  private final ConcurrentHashMap<Observation.Delivered, Observation.Delivered> deliveries =
      new ConcurrentHashMap<>();

  /** Somebody who publishes one event after another. */
  public Publisher publisher(String name) {
    Publisher publisher = new Publisher(name);
    publishers.add(publisher);
    return publisher;
  }

  /**
   * Somebody who sees the log from a position on.
   *
   * @param filter which events it asked for
   */
  public Subscriber subscriber(String name, Predicate<Content> filter, Position start) {
    Subscriber subscriber = new Subscriber(this, name, filter, start);
    subscribers.add(subscriber);
    return subscriber;
  }

  Observation.Delivered shared(Observation.Delivered delivered) {
    Observation.Delivered known = deliveries.putIfAbsent(delivered, delivered);
    return known == null ? delivered : known;
  }

  List<Publisher> publishers() {
    return publishers;
  }

  List<Subscriber> subscribers() {
    return subscribers;
  }
}
