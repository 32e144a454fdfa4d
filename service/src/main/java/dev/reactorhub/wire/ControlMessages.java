package dev.reactorhub.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.event.Position;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.hub.GapReason;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Next;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JSON messages, other than events, that WebSocket and SSE clients get: {@code {"type":
 * "reactor_…", "data": {…}}}. Described in docs/protocol.md. Any thread.
 */
public final class ControlMessages {
  /** The bare answer to the bare {@code ping}. */
  public static final String PONG = "pong";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ControlMessages() {}

  /** The greeting, the first frame of a WebSocket. */
  public static String connected(String message, long clientId, Instant now, Position head) {
    ObjectNode data = JSON.objectNode();
    data.put("message", message);
    data.put("client_id", clientId);
    data.put("timestamp", seconds(now));
    data.put("epoch", head.epoch().value());
    data.put("position", head.toString());
    return message("reactor_connected", data, null);
  }

  /** The answer to a subscribe: what was named, and the whole filter now in force. */
  public static String subscribed(ClientCommand.Subscribe command, EventFilter now, Position from) {
    ObjectNode data = filterChange(command.types(), now, "Subscribed");
    data.put("position", from.toString());
    return message("reactor_subscribed", data, command.ref());
  }

  /** The answer to an unsubscribe. */
  public static String unsubscribed(ClientCommand.Unsubscribe command, EventFilter now) {
    return message(
        "reactor_unsubscribed", filterChange(command.types(), now, "Unsubscribed"), command.ref());
  }

  /** The answer to a JSON ping. */
  public static String pong(Instant now) {
    return message("pong", JSON.objectNode().put("timestamp", seconds(now)), null);
  }

  /** A bare text, sent back. */
  public static String echo(String text) {
    return message("echo", JSON.objectNode().put("message", text), null);
  }

  /** The acknowledgement of one event. */
  public static String published(Publishing.Acknowledgement ack, @Nullable Json ref) {
    return message("reactor_published", acknowledgement(ack), ref);
  }

  /** The acknowledgement of an array of events. */
  public static String publishedAll(List<Publishing.Acknowledgement> acks, @Nullable Json ref) {
    return message("reactor_published", acknowledgements(acks), ref);
  }

  /** What was wrong with a command, or why the hub ends the session. */
  public static String error(Problem problem, @Nullable Json ref) {
    ObjectNode data = JSON.objectNode();
    data.put("code", problem.code().code());
    data.put("message", problem.message());
    problem.limit().ifPresent(limit -> data.put("limit", limit));
    return message("reactor_error", data, ref);
  }

  /** A hole, announced. */
  public static String gap(Next.Gap gap) {
    return message("reactor_gap", gapData(gap), null);
  }

  /** What is told of a hole. */
  public static ObjectNode gapData(Next.Gap gap) {
    ObjectNode data = JSON.objectNode();
    data.put("from", gap.from().toString());
    data.put("to", gap.to().toString());
    data.put("reason", reason(gap.reason()));
    if (gap.reason() == GapReason.CHANNEL_RETENTION) {
      data.put("through", gap.through().toString());
    }
    return data;
  }

  /** The word for a gap's reason, the same on all faces. */
  public static String reason(GapReason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  /** The subscriber is served from the log now. */
  public static String lagging(Next.Lagging lagging) {
    ObjectNode data = JSON.objectNode();
    data.put("position", lagging.position().toString());
    data.put("head", lagging.head().toString());
    return message("reactor_lagging", data, null);
  }

  /** The subscriber is live again. */
  public static String caughtUp(Position position) {
    return position("reactor_caught_up", position);
  }

  /** The heartbeat: moves a filtered client's position. */
  public static String heartbeat(Position position) {
    return position("reactor_position", position);
  }

  /** The hub ends the session: where to resume, and when. */
  public static String goingAway(Position position, Duration reconnectAfter) {
    ObjectNode data = JSON.objectNode();
    data.put("position", position.toString());
    data.put("reconnect_after_ms", reconnectAfter.toMillis());
    return message("reactor_going_away", data, null);
  }

  /** One acknowledgement as HTTP and WebSocket clients get it. */
  public static ObjectNode acknowledgement(Publishing.Acknowledgement ack) {
    return JSON.objectNode()
        .put("id", ack.id())
        .put("seq", ack.position().seq())
        .put("position", ack.position().toString())
        .put("duplicate", ack.duplicate());
  }

  /** Several acknowledgements as HTTP and WebSocket clients get them. */
  public static ObjectNode acknowledgements(List<Publishing.Acknowledgement> acks) {
    ObjectNode all = JSON.objectNode();
    ArrayNode events = all.putArray("events");
    acks.forEach(ack -> events.add(acknowledgement(ack)));
    return all;
  }

  /** Seconds since 1970 with three decimals, as existing frontends expect times. */
  public static BigDecimal seconds(Instant time) {
    return BigDecimal.valueOf(time.toEpochMilli(), 3);
  }

  /** What a reader of the history is told when its position is lost. */
  public static Problem gone(Hub.HistoryResult.Gone gone) {
    return switch (gone.reason()) {
      case EPOCH_UNKNOWN ->
          Problem.of(
              ErrorCode.EPOCH_UNKNOWN,
              "the position is of another log; read on after \"earliest\"");
      case POSITION_EXPIRED, CHANNEL_RETENTION ->
          Problem.of(
              ErrorCode.POSITION_EXPIRED,
              "events after the position are gone; read on after \"earliest\"");
    };
  }

  private static ObjectNode filterChange(
      Collection<EventType> named, EventFilter now, String done) {
    ObjectNode data = JSON.objectNode();
    ArrayNode events = data.putArray("events");
    named.forEach(type -> events.add(type.value()));
    data.put(
        "message",
        named.isEmpty()
            ? done
            : done + (done.startsWith("Un") ? " from " : " to ") + named.size() + " event types");
    strings(data.putArray("channels"), now.channels().stream().sorted().map(Object::toString));
    switch (now.types()) {
      case TypeRule.Only only -> sorted(data.putArray("types"), only.types());
      case TypeRule.Except except -> {
        data.putNull("types");
        if (!except.types().isEmpty()) {
          sorted(data.putArray("except"), except.types());
        }
      }
    }
    return data;
  }

  private static void sorted(ArrayNode array, Collection<EventType> types) {
    strings(array, types.stream().sorted().map(EventType::value));
  }

  private static void strings(ArrayNode array, Stream<String> values) {
    values.forEach(array::add);
  }

  private static String position(String type, Position position) {
    return message(type, JSON.objectNode().put("position", position.toString()), null);
  }

  private static String message(String type, ObjectNode data, @Nullable Json ref) {
    ObjectNode message = JSON.objectNode();
    message.put("type", type);
    message.set("data", data);
    if (ref != null) {
      message.putRawValue("ref", new RawValue(ref.toString()));
    }
    return JsonText.text(message);
  }
}
