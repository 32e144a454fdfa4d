package dev.reactorhub.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import dev.reactorhub.consumer.Delivery;
import dev.reactorhub.hub.BatchForm;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Slice;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.DeliveryBatch;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SubscribeResponse} or {@link ConsumeResponse} as bytes: events are put together from
 * what was encoded once for all streams. Shared arrays are read only.
 */
final class PreparedResponse {
  /** Tags: the number of a field, and the wire type of a message or of a number. */
  private static final int BATCH_TAG = SubscribeResponse.BATCH_FIELD_NUMBER << 3 | 2;

  private static final int DELIVERY_BATCH_TAG = ConsumeResponse.BATCH_FIELD_NUMBER << 3 | 2;
  private static final int DELIVERY_TAG = DeliveryBatch.DELIVERIES_FIELD_NUMBER << 3 | 2;
  private static final int ATTEMPT_TAG = dev.reactorhub.v1.Delivery.ATTEMPT_FIELD_NUMBER << 3;

  private final List<Slice> parts;
  private final int length;

  private PreparedResponse(List<Slice> parts, int length) {
    this.parts = parts;
    this.length = length;
  }

  private PreparedResponse(byte[] bytes) {
    this(List.of(Slice.of(bytes)), bytes.length);
  }

  /** A frame that is no event. */
  static PreparedResponse of(MessageLite response) {
    return new PreparedResponse(response.toByteArray());
  }

  /** A batch of events. */
  static PreparedResponse of(List<EncodedEvent> events) {
    EncodedEvent.encodeTogether(events, Function.identity(), BatchForm.EVENT);
    Pieces batch = new Pieces();
    for (EncodedEvent event : events) {
      batch.add(event.bytes(BatchForm.EVENT));
    }
    return message(BATCH_TAG, batch);
  }

  /** A batch of deliveries. */
  static PreparedResponse ofDeliveries(List<Delivery<EncodedEvent>> deliveries) {
    EncodedEvent.encodeTogether(deliveries, Delivery::event, BatchForm.FIRST_DELIVERY);
    Pieces batch = new Pieces();
    for (Delivery<EncodedEvent> delivery : deliveries) {
      if (delivery.attempt() == 1) {
        batch.add(delivery.event().bytes(BatchForm.FIRST_DELIVERY));
      } else {
        addAgain(batch, delivery);
      }
    }
    return message(DELIVERY_BATCH_TAG, batch);
  }

  /**
   * An attempt after the first. The event of a delivery has the number that it has in a batch of
   * events.
   */
  private static void addAgain(Pieces batch, Delivery<EncodedEvent> delivery) {
    Slice event = delivery.event().bytes(BatchForm.EVENT);
    Slice attempt = numbers(ATTEMPT_TAG, delivery.attempt());
    batch.add(numbers(DELIVERY_TAG, event.length() + attempt.length()));
    batch.add(event);
    batch.add(attempt);
  }

  private static PreparedResponse message(int batchTag, Pieces batch) {
    Slice head = numbers(batchTag, batch.length());
    List<Slice> parts = new ArrayList<>();
    parts.add(head);
    parts.addAll(batch.all());
    return new PreparedResponse(parts, head.length() + batch.length());
  }

  /** Bytes of the message. */
  int length() {
    return length;
  }

  private void writeTo(OutputStream target) throws IOException {
    for (Slice part : parts) {
      target.write(part.array(), part.offset(), part.length());
    }
  }

  /** A tag and a length, or a tag and a value. */
  private static Slice numbers(int tag, int value) {
    byte[] bytes =
        new byte
            [CodedOutputStream.computeUInt32SizeNoTag(tag)
                + CodedOutputStream.computeUInt32SizeNoTag(value)];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeUInt32NoTag(tag);
      out.writeUInt32NoTag(value);
    } catch (IOException e) {
      throw new UncheckedIOException("an array of the computed size was too small", e);
    }
    return Slice.of(bytes);
  }

  /** Hands the bytes to the transport as they are. */
  static final class Marshaller implements MethodDescriptor.Marshaller<PreparedResponse> {
    @Override
    public InputStream stream(PreparedResponse response) {
      return new Parts(response);
    }

    @Override
    public PreparedResponse parse(InputStream stream) {
      throw new UnsupportedOperationException("a hub sends these, it does not receive them");
    }
  }

  /** The parts one after the other; the transport drains them, and reads only as a last resort. */
  private static final class Parts extends InputStream implements KnownLength, Drainable {
    private final PreparedResponse response;
    private @Nullable InputStream reading;
    private boolean isDrained;

    Parts(PreparedResponse response) {
      this.response = response;
    }

    @Override
    public int available() throws IOException {
      if (reading != null) {
        return reading.available();
      }
      return isDrained ? 0 : response.length;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      response.writeTo(target);
      isDrained = true;
      return response.length;
    }

    @Override
    public int read() throws IOException {
      return reading().read();
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
      return reading().read(into, offset, count);
    }

    private InputStream reading() throws IOException {
      if (reading == null) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(response.length);
        response.writeTo(all);
        reading = new ByteArrayInputStream(all.toByteArray());
      }
      return reading;
    }
  }
}
