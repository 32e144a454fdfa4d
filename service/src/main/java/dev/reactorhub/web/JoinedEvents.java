package dev.reactorhub.web;

import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.WireForm;
import dev.reactorhub.web.ws.ChunkedOutput;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Events one after another in one buffer off heap, made once for all who get the same. */
final class JoinedEvents {
  private static final int BYTES_MIN = 128 << 10;
  private static final byte[] NONE = {};
  private static final ThreadLocal<Map<WireForm, JoinedEvents>> OF_THREAD =
      ThreadLocal.withInitial(() -> new EnumMap<>(WireForm.class));

  private final WireForm form;
  private ByteBuffer joined = ByteBuffer.allocateDirect(BYTES_MIN);
  private List<EncodedEvent> events = List.of();

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
    }
    return joined.rewind();
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
