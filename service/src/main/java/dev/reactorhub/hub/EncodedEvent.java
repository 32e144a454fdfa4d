package dev.reactorhub.hub;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Position;
import dev.reactorhub.log.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A record with its wire forms, each made at first need and then shared by every subscriber. Any
 * thread.
 */
public final class EncodedEvent {
  /** What {@link #committedAtNanos} is of an event that was read from the log. */
  public static final long NOT_LIVE = 0;

  private final EventEncoder encoder;
  private final Epoch epoch;
  private final LogRecord record;
  private final long committedAtNanos;

  // Asked for once for every subscriber: here they are in one place of memory.

  private final Channel channel;
  private final EventType type;
  private final long seq;
  private final int sizeBytes;

  /** Two threads may make the same form at once; the bytes are equal and either copy serves. */
  private volatile byte @Nullable [] json;

  private volatile byte @Nullable [] webSocket;
  private volatile byte @Nullable [] sse;
  private volatile @Nullable Slice event;
  private volatile @Nullable Slice firstDelivery;

  /** An event that was read from the log. */
  EncodedEvent(EventEncoder encoder, Epoch epoch, LogRecord record) {
    this.encoder = encoder;
    this.epoch = epoch;
    this.record = record;
    this.committedAtNanos = NOT_LIVE;
    this.channel = record.event().channel();
    this.type = record.event().type();
    this.seq = record.seq();
    this.sizeBytes = record.event().sizeBytes();
  }

  private EncodedEvent(EncodedEvent read, CanonicalNames names, long committedAtNanos) {
    this.encoder = read.encoder;
    this.epoch = read.epoch;
    this.record = read.record;
    this.committedAtNanos = committedAtNanos;
    this.channel = names.of(read.channel);
    this.type = names.of(read.type);
    this.seq = read.seq;
    this.sizeBytes = read.sizeBytes;
  }

  /**
   * This event, committed just now.
   *
   * @param nanos see {@link #committedAtNanos}
   */
  EncodedEvent committedAt(long nanos, CanonicalNames names) {
    return new EncodedEvent(this, names, nanos);
  }

  /** The place in the log. */
  public long seq() {
    return seq;
  }

  /** The event's channel. */
  public Channel channel() {
    return channel;
  }

  /** Whether a filter lets the event through. */
  boolean passes(EventFilter filter) {
    return filter.matches(channel, type);
  }

  /** As {@link Event#sizeBytes}. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** The record. */
  public LogRecord record() {
    return record;
  }

  /** When it was committed, as {@link System#nanoTime} tells it, or {@link #NOT_LIVE}. */
  public long committedAtNanos() {
    return committedAtNanos;
  }

  /** The resume token of this event. */
  public Position position() {
    return new Position(epoch, seq);
  }

  /** The shared bytes of a form: read only. */
  public byte[] bytes(WireForm form) {
    byte[] made =
        switch (form) {
          case JSON -> json;
          case WEBSOCKET -> webSocket;
          case SSE -> sse;
        };
    return made != null ? made : encode(form);
  }

  private byte[] encode(WireForm form) {
    byte[] made = encoder.encode(form, epoch, record);
    switch (form) {
      case JSON -> json = made;
      case WEBSOCKET -> webSocket = made;
      case SSE -> sse = made;
    }
    return made;
  }

  /**
   * The shared bytes of a form; those of events that were {@link #encodeTogether encoded together}
   * follow each other in one array.
   */
  public Slice bytes(BatchForm form) {
    Slice made = made(form);
    if (made == null) {
      encodeTogether(List.of(this), Function.identity(), form);
      made = Objects.requireNonNull(made(form));
    }
    return made;
  }

  private @Nullable Slice made(BatchForm form) {
    return switch (form) {
      case EVENT -> event;
      case FIRST_DELIVERY -> firstDelivery;
    };
  }

  private void keep(BatchForm form, Slice made) {
    switch (form) {
      case EVENT -> event = made;
      case FIRST_DELIVERY -> firstDelivery = made;
    }
  }

  /**
   * Encodes those that are not, into one array: what leaves together once mostly does so for the
   * next subscriber, and then in one piece. The array is held as long as one of them is.
   *
   * @param items what is about to leave in one message, oldest first
   */
  public static <T> void encodeTogether(
      List<T> items, Function<T, EncodedEvent> eventOf, BatchForm form) {
    List<EncodedEvent> missing = new ArrayList<>();
    for (T item : items) {
      EncodedEvent event = eventOf.apply(item);
      if (event.made(form) == null) {
        missing.add(event);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    List<byte[]> encoded = new ArrayList<>(missing.size());
    int length = 0;
    for (EncodedEvent event : missing) {
      byte[] bytes = event.encoder.encode(form, event.epoch, event.record);
      encoded.add(bytes);
      length += bytes.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (int i = 0; i < encoded.size(); i++) {
      byte[] bytes = encoded.get(i);
      System.arraycopy(bytes, 0, all, at, bytes.length);
      missing.get(i).keep(form, new Slice(all, at, bytes.length));
      at += bytes.length;
    }
  }
}
