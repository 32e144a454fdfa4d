package dev.reactorhub.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.BatchForm;
import dev.reactorhub.hub.EventEncoder;
import dev.reactorhub.hub.WireForm;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.v1.Delivery;
import dev.reactorhub.v1.DeliveryBatch;
import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.EventBatch;
import java.io.IOException;
import java.io.UncheckedIOException;

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
  public byte[] encode(BatchForm form, Epoch epoch, LogRecord record) {
    Event event = ProtoEvents.event(epoch, record);
    return switch (form) {
      case EVENT -> element(EventBatch.EVENTS_FIELD_NUMBER, event);
      case FIRST_DELIVERY ->
          element(
              DeliveryBatch.DELIVERIES_FIELD_NUMBER,
              Delivery.newBuilder().setEvent(event).setAttempt(1).build());
    };
  }

  /** One element of a repeated field: several, one after the other, are the whole field. */
  private static byte[] element(int field, MessageLite message) {
    byte[] bytes = new byte[CodedOutputStream.computeMessageSize(field, message)];
    try {
      CodedOutputStream.newInstance(bytes).writeMessage(field, message);
    } catch (IOException e) {
      throw new UncheckedIOException("an array of the computed size was too small", e);
    }
    return bytes;
  }
}
