package dev.reactorhub.log.engine;

import dev.reactorhub.log.AppendResult.Reason;
import dev.reactorhub.log.NamedCursors.Outcome;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Changes of named cursors on their way through the queue. */
record PendingCursors(
    Map<String, Optional<byte[]>> changes, long bytes, CompletableFuture<Outcome> result)
    implements Pending {
  private static final Outcome STORED = new Outcome.Stored();

  static PendingCursors of(Map<String, Optional<byte[]>> changes) {
    if (changes.isEmpty()) {
      throw new IllegalArgumentException("0 cursors to store: must be 1 or more");
    }
    Map<String, Optional<byte[]>> copy = Map.copyOf(changes);
    long bytes = 0;
    for (Map.Entry<String, Optional<byte[]>> change : copy.entrySet()) {
      bytes += change.getKey().length() + change.getValue().map(state -> state.length).orElse(0);
    }
    return new PendingCursors(copy, bytes, new CompletableFuture<>());
  }

  void stored() {
    result.complete(STORED);
  }

  @Override
  public void refuse(Reason reason) {
    result.complete(new Outcome.Refused(reason));
  }
}
