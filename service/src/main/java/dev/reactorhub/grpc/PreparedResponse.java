package dev.reactorhub.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import dev.reactorhub.consumer.Delivery;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Slice;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.DeliveryBatch;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
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
    EncodedEvent.encodeTogether(events, Function.identity());
    List<Slice> pieces = pieces(events);
    int batchBytes = 0;
    for (Slice piece : pieces) {
      batchBytes += piece.length();
    }
    Slice head = Slice.of(numbers(BATCH_TAG, batchBytes));
    List<Slice> parts = new ArrayList<>(pieces.size() + 1);
    parts.add(head);
    parts.addAll(pieces);
    return new PreparedResponse(parts, head.length() + batchBytes);
  }

  /** The events' bytes: what lies side by side is one piece. */
  private static List<Slice> pieces(List<EncodedEvent> events) {
    List<Slice> pieces = new ArrayList<>();
    Slice last = events.getFirst().grpc();
    int from = last.offset();
    for (int i = 1; i < events.size(); i++) {
      Slice next = events.get(i).grpc();
      if (!next.follows(last)) {
        pieces.add(new Slice(last.array(), from, last.end() - from));
        from = next.offset();
      }
      last = next;
    }
    pieces.add(new Slice(last.array(), from, last.end() - from));
    return pieces;
  }

  /** The same message, quicker to send. */
  PreparedResponse inOnePiece() {
    if (parts.size() == 1) {
      return this;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (Slice part : parts) {
      System.arraycopy(part.array(), part.offset(), all, at, part.length());
      at += part.length();
    }
    return new PreparedResponse(all);
  }

  /** Bytes of the message. */
  int length() {
    return length;
  }

  /**
   * A batch of deliveries. The event of a delivery has the number that it has in a batch of events:
   * the shared bytes serve for both. They are copied into one array: with an attempt between any
   * two, each event would be three parts.
   */
  static PreparedResponse ofDeliveries(List<Delivery<EncodedEvent>> deliveries) {
    EncodedEvent.encodeTogether(deliveries, Delivery::event);
    Slice[] events = new Slice[deliveries.size()];
    int batchBytes = 0;
    for (int i = 0; i < events.length; i++) {
      Slice event = deliveries.get(i).event().grpc();
      events[i] = event;
      int length = event.length() + sizeOf(ATTEMPT_TAG, deliveries.get(i).attempt());
      batchBytes += sizeOf(DELIVERY_TAG, length) + length;
    }
    byte[] bytes = new byte[sizeOf(DELIVERY_BATCH_TAG, batchBytes) + batchBytes];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      write(out, DELIVERY_BATCH_TAG, batchBytes);
      for (int i = 0; i < events.length; i++) {
        int attempt = deliveries.get(i).attempt();
        write(out, DELIVERY_TAG, events[i].length() + sizeOf(ATTEMPT_TAG, attempt));
        out.write(events[i].array(), events[i].offset(), events[i].length());
        write(out, ATTEMPT_TAG, attempt);
      }
    } catch (IOException e) {
      throw tooSmall(e);
    }
    return new PreparedResponse(bytes);
  }

  /** A tag and a length, or a tag and a value. */
  private static byte[] numbers(int tag, int value) {
    byte[] bytes = new byte[sizeOf(tag, value)];
    try {
      write(CodedOutputStream.newInstance(bytes), tag, value);
    } catch (IOException e) {
      throw tooSmall(e);
    }
    return bytes;
  }

  private static int sizeOf(int tag, int value) {
    return CodedOutputStream.computeUInt32SizeNoTag(tag)
        + CodedOutputStream.computeUInt32SizeNoTag(value);
  }

  private static void write(CodedOutputStream out, int tag, int value) throws IOException {
    out.writeUInt32NoTag(tag);
    out.writeUInt32NoTag(value);
  }

  private static UncheckedIOException tooSmall(IOException e) {
    return new UncheckedIOException("an array of the computed size was too small", e);
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
      for (Slice part : response.parts) {
        target.write(part.array(), part.offset(), part.length());
      }
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

    private InputStream reading() {
      if (reading == null) {
        reading = new ByteArrayInputStream(response.inOnePiece().parts.getFirst().array());
      }
      return reading;
    }
  }
}
