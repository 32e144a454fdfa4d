package dev.reactorhub.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reactorhub.health.Check;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.HubStats;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.wire.ControlMessages;
import dev.reactorhub.wire.JsonText;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /ws/status}, {@code /ws/stats} and {@code /ws/health}, as existing frontends know them.
 */
final class StatusRoutes {
  /** The events that the earlier generations announce, in their spelling. */
  private static final List<String> ANNOUNCED =
      List.of(
          "AI_METRICS_UPDATED",
          "NEWS_PROCESSED",
          "DIGEST_CREATED",
          "EVENT_DETECTED",
          "USER_ACTION",
          "SYSTEM_HEALTH_CHECK",
          "REACTOR_HEARTBEAT");

  private final Hub hub;
  private final Sessions sessions;
  private final InstantSource clock;
  private final Supplier<List<Check>> readiness;
  private final long startedAtNanos = System.nanoTime();

  StatusRoutes(WebFace.Parts parts) {
    this.hub = parts.hub();
    this.sessions = parts.sessions();
    this.clock = parts.clock();
    this.readiness = parts.readiness();
  }

  void status(ServerRequest request, ServerResponse response) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("status", "active");
    body.put("connected_clients", clients());
    body.set("stats", stats(hub.stats()));
    ANNOUNCED.forEach(body.putArray("reactor_events")::add);
    send(response, body);
  }

  void stats(ServerRequest request, ServerResponse response) {
    HubStats stats = hub.stats();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("connected_clients", clients());
    body.put("ws_active_connections", clients());
    body.put("ws_events_emitted_total", stats.eventsEmitted());
    putLastEvent(body, "ws_last_event_ts", stats);
    body.put("reactor_events_subscribed", ANNOUNCED.size());
    body.put("sse_active_connections", sessions.count(Sessions.Face.SSE));
    body.put("grpc_active_subscriptions", sessions.count(Sessions.Face.GRPC));
    body.put("head", hub.range().headPosition().toString());
    body.put("log_bytes", stats.logBytes());
    send(response, body);
  }

  void health(ServerRequest request, ServerResponse response) {
    HubStats stats = hub.stats();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode reactor = body.putObject("reactor");
    List<Check> checks = readiness.get();
    Optional<Check> down = checks.stream().filter(check -> !check.isUp()).findFirst();
    if (down.isPresent()) {
      reactor.put("status", "error");
      reactor.put("error", down.get().reason());
      response.status(Status.SERVICE_UNAVAILABLE_503);
    } else {
      reactor.put("status", "healthy");
      reactor.put("listeners", stats.subscriptions());
      reactor.put("events_emitted", stats.eventsEmitted());
      Duration uptime = Duration.ofNanos(System.nanoTime() - startedAtNanos);
      reactor.put("uptime", ControlMessages.seconds(Instant.EPOCH.plus(uptime)));
    }
    ArrayNode named = body.putArray("checks");
    for (Check check : checks) {
      named
          .addObject()
          .put("name", check.name())
          .put("status", check.isUp() ? "UP" : "DOWN")
          .put("reason", check.reason());
    }
    ObjectNode websocket = body.putObject("websocket");
    websocket.put("active_connections", clients());
    websocket.set("stats", stats(stats));
    body.put("timestamp", ControlMessages.seconds(clock.instant()));
    send(response, body);
  }

  private ObjectNode stats(HubStats stats) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("connected_clients", clients());
    body.put("events_emitted_total", stats.eventsEmitted());
    putLastEvent(body, "last_event_timestamp", stats);
    return body;
  }

  private int clients() {
    return sessions.count(Sessions.Face.WEBSOCKET);
  }

  private static void putLastEvent(ObjectNode body, String name, HubStats stats) {
    if (stats.lastEventMillis() == 0) {
      body.putNull(name);
    } else {
      body.put(name, ControlMessages.seconds(Instant.ofEpochMilli(stats.lastEventMillis())));
    }
  }

  private static void send(ServerResponse response, ObjectNode body) {
    EventRoutes.sendJson(response, JsonText.utf8(body));
  }
}
