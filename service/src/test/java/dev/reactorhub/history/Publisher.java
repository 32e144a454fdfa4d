package dev.reactorhub.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** What one publisher did, in the order in which it did it, one event after another. */
public final class Publisher {
  private final String name;
  private final List<Publish> publishes = Collections.synchronizedList(new ArrayList<>());

  Publisher(String name) {
    this.name = name;
  }

  /** The event was handed in, and this is what became of it. */
  public void published(Content content, Outcome outcome) {
    publishes.add(new Publish(content, outcome));
  }

  /** How many outcomes are such. */
  public long count(Predicate<Outcome> such) {
    synchronized (publishes) {
      return publishes.stream().filter(publish -> such.test(publish.outcome())).count();
    }
  }

  String name() {
    return name;
  }

  List<Publish> publishes() {
    return List.copyOf(publishes);
  }

  record Publish(Content content, Outcome outcome) {}
}
