package dev.reactorhub.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reactorhub.event.Channel;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.wire.EventDraft;
import dev.reactorhub.wire.JsonText;
import dev.reactorhub.wire.Publishing;
import java.time.Duration;

/** Emits an event when a WebSocket client comes or goes, on a channel of its own. Any thread. */
final class ClientEvents {
  private static final Channel CHANNEL = new Channel("reactor.clients");
  private static final EventType CONNECTED = new EventType("websocket_connected");
  private static final EventType DISCONNECTED = new EventType("websocket_disconnected");

  private final Publishing publishing;

  ClientEvents(Publishing publishing) {
    this.publishing = publishing;
  }

  void connected(long clientId) {
    emit(CONNECTED, JsonNodeFactory.instance.objectNode().put("client_id", clientId));
  }

  void disconnected(long clientId, int closeCode, Duration open) {
    emit(
        DISCONNECTED,
        JsonNodeFactory.instance
            .objectNode()
            .put("client_id", clientId)
            .put("code", closeCode)
            .put("duration_ms", open.toMillis()));
  }

  private void emit(EventType type, ObjectNode data) {
    Json json = Json.ofValidated(JsonText.utf8(data));
    EventDraft draft = new EventDraft(null, type, CHANNEL, null, null, json, null);
    // Not waited for: a log that takes nothing shows in the health, not in each connection.
    var _ = publishing.publishOwn(draft);
  }
}
