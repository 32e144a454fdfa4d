package dev.reactorhub.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What one publisher did, in the order in which it did it, one event after another. */
public final class Publisher {
  private final String name;
  private final AtomicLong acknowledged = new AtomicLong();
  private final List<Publish> publishes = Collections.synchronizedList(new ArrayList<>());

  Publisher(String name) {
    this.name = name;
  }

  /** The event was handed in, and this is what became of it. */
  public void published(Content content, Outcome outcome) {
    publishes.add(new Publish(content, outcome));
    if (outcome instanceof Outcome.Acknowledged) {
      acknowledged.incrementAndGet();
    }
  }

  /** How many acknowledgements came, duplicates included. */
  public long acknowledged() {
    return acknowledged.get();
  }

  String name() {
    return name;
  }

  List<Publish> publishes() {
    return List.copyOf(publishes);
  }

  record Publish(Content content, Outcome outcome) {}
}
