package dev.reactorhub.log;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What the log keeps, by name, of those whose place outlives their connections: a few bytes that
 * mean nothing to it. Any thread.
 */
public interface NamedCursors {
  /**
   * Everything kept. The arrays are the caller's.
   *
   * @throws LogFailedException when it cannot be read
   */
  Map<String, byte[]> load();

  /**
   * Keeps or forgets some as one unit, in one group with whatever else waits to be stored: many
   * changes, one sync. Changes of one thread are stored in the order of the calls.
   *
   * <p>Blocks the caller like {@link EventLog#append}.
   *
   * @param changes by name; empty: forget it. The arrays must not be written to any more
   * @return completes once durable as appends are, on the log's own thread: a dependent action must
   *     not block
   */
  CompletableFuture<Outcome> store(Map<String, Optional<byte[]>> changes);

  /** What became of a change. */
  sealed interface Outcome {
    /** It is durable. */
    record Stored() implements Outcome {}

    /**
     * Not stored, or, after {@link AppendResult.Reason#LOG_FAILED} alone, perhaps stored.
     *
     * @param reason what stands in the way
     */
    record Refused(AppendResult.Reason reason) implements Outcome {}
  }
}
