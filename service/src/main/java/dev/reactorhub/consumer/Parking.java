package dev.reactorhub.consumer;

import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.ReadLimit;
import java.util.List;
import java.util.Optional;

/**
 * Publishes the dead letters of one consumer, one after the other. Not before one is durable is its
 * event done with: a crash in between publishes it again, under the same id.
 */
final class Parking {
  private static final ReadLimit ONE = new ReadLimit(1, 1);

  private final Hub hub;
  private final DeadLetters letters;

  Parking(Hub hub, DeadLetters letters) {
    this.hub = hub;
    this.letters = letters;
  }

  /** What became of an attempt. */
  enum Outcome {
    /** It is among the dead letters. */
    PARKED,
    /** The log takes nothing now. */
    REFUSED,
    /** It is not in the log any more. */
    GONE
  }

  /**
   * Publishes one and waits for it.
   *
   * @throws dev.reactorhub.log.LogFailedException when the log cannot be read
   */
  Outcome park(long seq, int attempts, String error) {
    Optional<EncodedEvent> event = read(seq);
    if (event.isEmpty()) {
      return Outcome.GONE;
    }
    return switch (hub.publish(List.of(letters.of(event.get(), attempts, error))).join()) {
      case AppendResult.Stored stored -> Outcome.PARKED;
      case AppendResult.Refused refused -> Outcome.REFUSED;
    };
  }

  private Optional<EncodedEvent> read(long seq) {
    Position before = new Position(hub.range().epoch(), seq - 1);
    return switch (hub.history(before, EventFilter.ALL, ONE)) {
      case Hub.HistoryResult.Page page ->
          page.events().stream().filter(event -> event.seq() == seq).findFirst();
      case Hub.HistoryResult.Gone gone -> Optional.empty();
      case Hub.HistoryResult.InFuture future -> Optional.empty();
    };
  }
}
