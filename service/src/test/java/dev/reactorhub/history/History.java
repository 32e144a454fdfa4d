package dev.reactorhub.history;

import dev.reactorhub.event.Position;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Everything that publishers, subscribers and durable consumers saw of a hub. Safe from any thread.
 */
public final class History {
  private final List<Publisher> publishers = new CopyOnWriteArrayList<>();
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
  private final List<Consumption> consumptions = new CopyOnWriteArrayList<>();

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

  /** A durable consumer, whatever number of clients it has. */
  public Consumption consumption(Consumption.Definition definition) {
    return consumption(definition, System::nanoTime);
  }

  Consumption consumption(Consumption.Definition definition, LongSupplier clock) {
    Consumption consumption = new Consumption(this, definition, clock);
    consumptions.add(consumption);
    return consumption;
  }

  List<Publisher> publishers() {
    return publishers;
  }

  List<Subscriber> subscribers() {
    return subscribers;
  }

  List<Consumption> consumptions() {
    return consumptions;
  }
}
