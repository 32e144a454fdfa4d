package dev.reactorhub.consumer;

import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.ReadLimit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Publishes the dead letters of one consumer, one after the other. Not before one is durable is its
 * event done with: a crash in between publishes it again, under the same id.
 */
final class Parking {
  private static final ReadLimit ONE = new ReadLimit(1, 1);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final System.Logger LOGGER = System.getLogger(Parking.class.getName());

  private final Surroundings around;
  private final DeadLetters letters;
  private final Owner owner;

  /** Guarded by the consumer's lock. */
  private boolean isBusy;

  /** Guarded by the consumer's lock. */
  private long retryAtNanos = Long.MIN_VALUE;

  /** Whose dead letters it publishes. */
  interface Owner {
    /** Called once for each, without the consumer's lock. */
    void ended(Ledger<EncodedEvent> ledger, Entry<EncodedEvent> entry, Outcome outcome);
  }

  Parking(Surroundings around, DeadLetters letters, Owner owner) {
    this.around = around;
    this.letters = letters;
    this.owner = owner;
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

  /** Sets the next of a ledger on its way, unless one is. With the consumer's lock held. */
  void begin(Ledger<EncodedEvent> ledger) {
    if (isBusy || around.nanos() < retryAtNanos) {
      return;
    }
    Entry<EncodedEvent> next = ledger.pollToPark();
    if (next != null) {
      isBusy = true;
      around.executor().execute(() -> park(ledger, next));
    }
  }

  /** One of them has ended. With the consumer's lock held. */
  void ended(Outcome outcome) {
    isBusy = false;
    if (outcome == Outcome.REFUSED) {
      retryAtNanos = around.nanos() + RETRY_NANOS;
    }
  }

  private void park(Ledger<EncodedEvent> ledger, Entry<EncodedEvent> entry) {
    Outcome outcome;
    try {
      outcome = park(entry);
    } catch (RuntimeException e) { // the task's top
      LOGGER.log(System.Logger.Level.ERROR, "dead_letter_failed seq=" + entry.seq, e);
      outcome = Outcome.REFUSED;
    }
    owner.ended(ledger, entry, outcome);
  }

  private Outcome park(Entry<EncodedEvent> entry) {
    Optional<EncodedEvent> event = read(entry.seq);
    if (event.isEmpty()) {
      return Outcome.GONE;
    }
    // What failed does not change any more once an event is on its way here.
    List<Event> letter = List.of(letters.of(event.get(), entry.failures, entry.error));
    return switch (around.hub().publish(letter).join()) {
      case AppendResult.Stored stored -> Outcome.PARKED;
      case AppendResult.Refused refused -> Outcome.REFUSED;
    };
  }

  private Optional<EncodedEvent> read(long seq) {
    Position before = new Position(around.hub().range().epoch(), seq - 1);
    return switch (around.hub().history(before, EventFilter.ALL, ONE)) {
      case Hub.HistoryResult.Page page ->
          page.events().stream().filter(event -> event.seq() == seq).findFirst();
      case Hub.HistoryResult.Gone gone -> Optional.empty();
      case Hub.HistoryResult.InFuture future -> Optional.empty();
    };
  }
}
