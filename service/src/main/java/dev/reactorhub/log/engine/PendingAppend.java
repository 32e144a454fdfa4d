package dev.reactorhub.log.engine;

import dev.reactorhub.event.Event;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.AppendResult.Reason;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One call of append on its way through the queue. */
record PendingAppend(List<Event> events, long bytes, CompletableFuture<AppendResult> result)
    implements Pending {
  static PendingAppend of(List<Event> events) {
    List<Event> copy = List.copyOf(events);
    if (copy.isEmpty()) {
      throw new IllegalArgumentException("0 events to append: must be 1 or more");
    }
    long bytes = 0;
    for (Event event : copy) {
      bytes += event.sizeBytes();
    }
    return new PendingAppend(copy, bytes, new CompletableFuture<>());
  }

  @Override
  public void refuse(Reason reason) {
    result.complete(new AppendResult.Refused(reason));
  }
}
