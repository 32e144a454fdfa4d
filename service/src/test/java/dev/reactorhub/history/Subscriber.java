package dev.reactorhub.history;

import dev.reactorhub.event.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What one subscriber was told, over all its connections, in the order in which it came. One thread
 * at a time.
 */
public final class Subscriber {
  private final History history;
  private final String name;
  private final Predicate<Content> filter;
  private final Position start;
  private final List<Observation> observations = new ArrayList<>();
  private volatile Position position;

  Subscriber(History history, String name, Predicate<Content> filter, Position start) {
    this.history = history;
    this.name = name;
    this.filter = filter;
    this.start = start;
    this.position = start;
  }

  /** An event came. */
  public void delivered(Position at, Content content) {
    delivered(history.shared(new Observation.Delivered(at, content)));
  }

  /** The same of an event that others were told as well. */
  public void delivered(Observation.Delivered delivery) {
    observations.add(delivery);
    position = delivery.position();
  }

  /** Everything that matches up to here was delivered, it was said. */
  public void movedTo(Position to) {
    observations.add(new Observation.Moved(to));
    position = to;
  }

  /** A hole was announced. */
  public void gap(Position from, Position to) {
    observations.add(new Observation.Gap(from, to));
    position = to;
  }

  /** Where to resume. */
  public Position position() {
    return position;
  }

  /** How many events came. */
  public long events() {
    return observations.stream().filter(Observation.Delivered.class::isInstance).count();
  }

  /** How many holes were announced. */
  public long gaps() {
    return observations.stream().filter(Observation.Gap.class::isInstance).count();
  }

  String name() {
    return name;
  }

  Predicate<Content> filter() {
    return filter;
  }

  boolean wants(Content content) {
    return filter.test(content);
  }

  Position start() {
    return start;
  }

  List<Observation> observations() {
    return observations;
  }
}
