package dev.reactorhub.wire;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.EventEncoder;
import dev.reactorhub.hub.WireForm;
import dev.reactorhub.log.LogRecord;

/** Encodes events in every form they leave the hub in. Any thread. */
public final class EventEncoding implements EventEncoder {
  @Override
  public byte[] encode(WireForm form, Epoch epoch, LogRecord record) {
    return switch (form) {
      case JSON -> EventJson.encode(record);
      case WEBSOCKET -> WebSocketFrame.text(EventJson.encode(record));
      case SSE -> SseEvent.message(new Position(epoch, record.seq()), EventJson.encode(record));
    };
  }

  @Override
  public byte[] encodeForGrpc(Epoch epoch, LogRecord record) {
    return ProtoEvents.encode(epoch, record);
  }
}
