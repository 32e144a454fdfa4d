package dev.reactorhub.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of {@link ReactorClient#on} and the one live subscription they share. It lives from
 * the first handler to the last.
 */
final class Listeners {
  private final Function<SubscriptionListener, Subscription> subscribe;
  private final Object lock = new Object();

  /** Guarded by {@link #lock} for writing; immutable, replaced as a whole. */
  private volatile Map<String, List<EventHandler>> handlers = Map.of();

  /** Guarded by {@link #lock}. */
  private @Nullable Subscription shared;

  Listeners(Function<SubscriptionListener, Subscription> subscribe) {
    this.subscribe = subscribe;
  }

  Registration on(String type, EventHandler handler) {
    Names.type(type);
    synchronized (lock) {
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
    }
  }

  boolean off(String type, EventHandler handler) {
    synchronized (lock) {
      List<EventHandler> ofType = new ArrayList<>(handlers.getOrDefault(type, List.of()));
      boolean isRemoved = ofType.remove(handler);
      replace(type, ofType);
      if (handlers.isEmpty() && shared != null) {
        shared.close();
        shared = null;
      }
      return isRemoved;
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
    for (EventHandler handler : handlers.getOrDefault(event.type(), List.of())) {
      Logging.contain("an event handler failed type=" + event.type(), () -> handler.handle(event));
    }
  }
}
