package dev.reactorhub.hub;

import dev.reactorhub.log.ReadLimit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Events gathered for one poll, bounded in number and bytes. One thread. */
final class EventBatch {
  static final int EVENTS_MAX = 512;

  private final List<EncodedEvent> events = new ArrayList<>();
  private final int bytesMax;
  private long bytes;

  EventBatch(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** What fits in. */
  ReadLimit limit() {
    return new ReadLimit(EVENTS_MAX, bytesMax);
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** What was gathered, not to be changed any more. */
  List<EncodedEvent> events() {
    return Collections.unmodifiableList(events);
  }

  /** Returns false, and adds nothing, when the batch is full. */
  boolean add(EncodedEvent event) {
    int size = event.sizeBytes();
    if (!events.isEmpty() && (events.size() >= EVENTS_MAX || bytes + size > bytesMax)) {
      return false;
    }
    add(event, size);
    return true;
  }

  void addAlways(EncodedEvent event) {
    add(event, event.sizeBytes());
  }

  private void add(EncodedEvent event, int size) {
    events.add(event);
    bytes += size;
  }
}
