package dev.reactorhub.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of {@link ReactorClient#on} and the one live subscription they share. It lives from
 * the first handler to the last. Any thread.
 */
final class Listeners {
  /** Stands for every type. */
  static final String EVERY_TYPE = "*";

  private final Function<SubscriptionListener, Subscription> subscribe;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by {@link #lock} for writing; immutable, replaced as a whole. */
  private volatile Map<String, List<EventHandler>> handlers = Map.of();

  /** Guarded by {@link #lock}. */
  private @Nullable Subscription shared;

  Listeners(Function<SubscriptionListener, Subscription> subscribe) {
    this.subscribe = subscribe;
  }

  Registration on(String type, EventHandler handler) {
    if (!type.equals(EVERY_TYPE)) {
      Names.type(type);
    }
    lock.lock();
    try {
      Subscription subscription = shared;
      // One that the hub has ended is of no use to a new handler.
      if (subscription == null || subscription.ended().isDone()) {
        subscription = subscribe.apply(this::dispatch);
        shared = subscription;
      }
      List<EventHandler> ofType = new ArrayList<>(handlers.getOrDefault(type, List.of()));
      ofType.add(handler);
      replace(type, ofType);
      return new Registration(subscription.established(), () -> off(type, handler));
    } finally {
      lock.unlock();
    }
  }

  boolean off(String type, EventHandler handler) {
    return remove(type, ofType -> ofType.remove(handler));
  }

  boolean off(String type) {
    return remove(
        type,
        ofType -> {
          boolean isAny = !ofType.isEmpty();
          ofType.clear();
          return isAny;
        });
  }

  private boolean remove(String type, Predicate<List<EventHandler>> removal) {
    lock.lock();
    try {
      List<EventHandler> ofType = new ArrayList<>(handlers.getOrDefault(type, List.of()));
      boolean isRemoved = removal.test(ofType);
      replace(type, ofType);
      if (handlers.isEmpty() && shared != null) {
        shared.close();
        shared = null;
      }
      return isRemoved;
    } finally {
      lock.unlock();
    }
  }

  private void replace(String type, List<EventHandler> ofType) {
    Map<String, List<EventHandler>> changed = new HashMap<>(handlers);
    if (ofType.isEmpty()) {
      changed.remove(type);
    } else {
      changed.put(type, List.copyOf(ofType));
    }
    handlers = Map.copyOf(changed);
  }

  private void dispatch(Event event) {
    Map<String, List<EventHandler>> present = handlers;
    call(present.getOrDefault(event.type(), List.of()), event);
    call(present.getOrDefault(EVERY_TYPE, List.of()), event);
  }

  private static void call(List<EventHandler> ofType, Event event) {
    for (EventHandler handler : ofType) {
      Logging.contain("an event handler failed type=" + event.type(), () -> handler.handle(event));
    }
  }
}
