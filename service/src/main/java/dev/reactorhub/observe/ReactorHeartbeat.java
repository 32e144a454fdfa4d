package dev.reactorhub.observe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reactorhub.event.EventType;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Sessions;
import java.time.Duration;
import java.util.function.Supplier;

/** The data of {@code reactor_heartbeat}: the hub is there, and what it did. Any thread. */
public final class ReactorHeartbeat implements Supplier<ObjectNode> {
  /** The type of the events. */
  public static final EventType TYPE = new EventType("reactor_heartbeat");

  private final Hub hub;
  private final Sessions sessions;
  private final long startedAtNanos = System.nanoTime();

  /** Speaks of this hub. */
  public ReactorHeartbeat(Hub hub, Sessions sessions) {
    this.hub = hub;
    this.sessions = sessions;
  }

  @Override
  public ObjectNode get() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("status", "alive")
        .put("uptime", Duration.ofNanos(System.nanoTime() - startedAtNanos).toSeconds())
        .put("events_emitted", hub.stats().eventsEmitted())
        .put("connected_clients", sessions.count());
  }
}
