package dev.reactorhub.hub;

import java.util.ArrayList;
import java.util.List;

/**
 * Subscriptions in no order: adding and removing one costs the same however many there are. Not
 * thread-safe; a subscription has one seat at a time.
 */
final class Seats {
  private final List<Subscription> subscriptions = new ArrayList<>(1);

  boolean isEmpty() {
    return subscriptions.isEmpty();
  }

  List<Subscription> all() {
    return subscriptions;
  }

  void add(Subscription subscription) {
    subscription.setSeat(subscriptions.size());
    subscriptions.add(subscription);
  }

  void remove(Subscription subscription) {
    Subscription last = subscriptions.removeLast();
    if (last != subscription) {
      subscriptions.set(subscription.seat(), last);
      last.setSeat(subscription.seat());
    }
  }
}
