package dev.reactorhub.grpc;

import dev.reactorhub.hub.EncodedEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The messages that were made last. Subscribers who stand at the same place are given the same list
 * of events: one message serves them all. Any thread.
 */
final class SharedResponses {
  private static final int SLOTS = 8;

  private final AtomicReferenceArray<@Nullable Made> made = new AtomicReferenceArray<>(SLOTS);

  private record Made(List<EncodedEvent> events, PreparedResponse response) {
    @SuppressWarnings("ReferenceEquality") // To compare what they hold would cost what it saves.
    private boolean isOf(List<EncodedEvent> wanted) {
      return events == wanted;
    }
  }

  /** A message of these events. */
  PreparedResponse of(List<EncodedEvent> events) {
    int slot = System.identityHashCode(events) & (SLOTS - 1);
    Made before = made.get(slot);
    if (before != null && before.isOf(events)) {
      return before.response();
    }
    PreparedResponse response = PreparedResponse.of(events);
    made.set(slot, new Made(events, response));
    return response;
  }
}
