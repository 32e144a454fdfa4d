package dev.reactorhub.web;

import dev.reactorhub.hub.DeliveryFigures;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.WireForm;
import dev.reactorhub.web.ws.ChunkedOutput;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Events one after another in one buffer off heap, made once for all who get the same, and counted
 * as delivered each time they are asked for. One thread.
 */
final class JoinedEvents {
  private static final int BYTES_MIN = 128 << 10;
  private static final byte[] NONE = {};
  private static final ThreadLocal<Map<WireForm, JoinedEvents>> OF_THREAD =
      ThreadLocal.withInitial(() -> new EnumMap<>(WireForm.class));

  private final WireForm form;
  private ByteBuffer joined = ByteBuffer.allocateDirect(BYTES_MIN);
  private List<EncodedEvent> events = List.of();

  /** Asked for since they were last {@link #report reported}. */
  private long askedEvents;

  private long askedBytes;

  /** Of the newest event that was joined since then. */
  private long committedAtNanos = EncodedEvent.NOT_LIVE;

  JoinedEvents(WireForm form) {
    this.form = form;
  }

  /** Those of the calling thread, which should be one of a few. */
  static JoinedEvents ofThread(WireForm wireForm) {
    return OF_THREAD.get().computeIfAbsent(wireForm, JoinedEvents::new);
  }

  /** Whole frames of these events; SSE as one chunk. Good until the next call. */
  ByteBuffer of(List<EncodedEvent> wanted) {
    if (!wanted.equals(events)) {
      join(wanted);
      events = wanted;
      committedAtNanos = wanted.getLast().committedAtNanos();
    }
    askedEvents += wanted.size();
    askedBytes += joined.limit();
    return joined.rewind();
  }

  /** Adds what was asked for since the last call, and handed to connections by now. */
  void report(DeliveryFigures figures) {
    if (askedEvents > 0) {
      figures.delivered(askedEvents, askedBytes);
      askedEvents = 0;
      askedBytes = 0;
    }
  }

  /**
   * Adds how long after its commit the newest event was written that was joined since the last
   * call.
   *
   * @param isLive false: those who asked were not all waiting for it, and it does not count
   */
  void reportLag(DeliveryFigures figures, long nowNanos, boolean isLive) {
    if (isLive) {
      figures.written(committedAtNanos, nowNanos);
    }
    committedAtNanos = EncodedEvent.NOT_LIVE;
  }

  /** Lets the events be collected. */
  void forget() {
    events = List.of();
  }

  private void join(List<EncodedEvent> wanted) {
    int bytes = 0;
    for (EncodedEvent event : wanted) {
      bytes = Math.addExact(bytes, event.bytes(form).length);
    }
    byte[] head = form == WireForm.SSE ? ChunkedOutput.head(bytes) : NONE;
    byte[] end = form == WireForm.SSE ? ChunkedOutput.end() : NONE;
    int all = Math.addExact(bytes, head.length + end.length);
    if (all > joined.capacity()) {
      joined = ByteBuffer.allocateDirect(Integer.highestOneBit(all - 1) * 2);
    }
    joined.clear().put(head);
    for (EncodedEvent event : wanted) {
      joined.put(event.bytes(form));
    }
    joined.put(end).flip();
  }
}
