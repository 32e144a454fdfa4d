package dev.reactorhub.log.rocks;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.reactorhub.event.Channel;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.rocks.v1.StoredEvent;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/** Turns records into stored bytes and back; what cannot have been written is damage. */
final class StoredEventCodec {
  private StoredEventCodec() {}

  /** The bytes of a record, with the running sum that ends with it. */
  static byte[] encode(LogRecord record, long bytesThrough) {
    Event event = record.event();
    Instant timestamp = event.timestamp();
    StoredEvent.Builder stored =
        StoredEvent.newBuilder()
            .setId(event.id())
            .setType(event.type().value())
            .setChannel(event.channel().value())
            .setSource(event.source())
            .setTimestampSeconds(timestamp.getEpochSecond())
            .setTimestampNanos(timestamp.getNano())
            .setData(UnsafeByteOperations.unsafeWrap(event.data().utf8()))
            .setStoredAtMillis(record.storedAt().toEpochMilli())
            .setBytesThrough(bytesThrough);
    String traceparent = event.traceparent();
    if (traceparent != null) {
      stored.setTraceparent(traceparent);
    }
    return stored.build().toByteArray();
  }

  /** The bytes of what is left of a record that channel retention removed. */
  static byte[] encode(Removed stub) {
    return StoredEvent.newBuilder()
        .setStoredAtMillis(stub.storedAt().toEpochMilli())
        .setBytesThrough(stub.bytesThrough())
        .setRemovedBytes(stub.bytes())
        .build()
        .toByteArray();
  }

  /**
   * The record of a seq, or what is left of it.
   *
   * @throws LogFailedException when the bytes are no such record
   */
  static Stored decode(long seq, byte[] bytes) {
    try {
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      // The array is this call's own: the data field may refer to it until it is copied below.
      input.enableAliasing(true);
      StoredEvent stored = StoredEvent.parseFrom(input);
      Instant storedAt = Instant.ofEpochMilli(stored.getStoredAtMillis());
      if (stored.getRemovedBytes() > 0) {
        return new Removed(storedAt, stored.getBytesThrough(), stored.getRemovedBytes());
      }
      Event event =
          new Event(
              stored.getId(),
              new EventType(stored.getType()),
              new Channel(stored.getChannel()),
              stored.getSource(),
              Instant.ofEpochSecond(stored.getTimestampSeconds(), stored.getTimestampNanos()),
              Json.ofValidated(stored.getData().toByteArray()),
              stored.getTraceparent().isEmpty() ? null : stored.getTraceparent());
      return new Kept(new LogRecord(seq, storedAt, event), stored.getBytesThrough());
    } catch (InvalidProtocolBufferException | IllegalArgumentException | DateTimeException e) {
      throw new LogFailedException("record " + seq + " is damaged: restore the log", e);
    } catch (IOException e) {
      throw new LogFailedException("record " + seq + " cannot be read: restore the log", e);
    }
  }

  /** What is stored at a seq. */
  sealed interface Stored {
    /** When the log took the record. */
    Instant storedAt();

    /** The sizes of all records up to and including this one, since the log began. */
    long bytesThrough();

    /** The size of the record, also after it was removed. */
    long bytes();
  }

  /** A record. */
  record Kept(LogRecord record, long bytesThrough) implements Stored {
    @Override
    public Instant storedAt() {
      return record.storedAt();
    }

    @Override
    public long bytes() {
      return record.event().sizeBytes();
    }
  }

  /** What is left of a record that channel retention removed. */
  record Removed(Instant storedAt, long bytesThrough, long bytes) implements Stored {}
}
