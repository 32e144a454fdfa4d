package dev.reactorhub.consumer;

import dev.reactorhub.consumer.ConsumerInfo.Counts;
import dev.reactorhub.event.ConsumerName;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.GapReason;
import dev.reactorhub.hub.Next;
import dev.reactorhub.log.AppendResult.Reason;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.NamedCursors.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One durable consumer: a {@link Ledger} behind a lock, what reads for it, what stores it, and its
 * clients. Any thread. With the lock held nothing waits and nobody is called; what a change has to
 * set going is set going after it.
 */
final class Consumer {
  private static final long READ_AHEAD_BYTES = 1L << 20;
  private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SAVE_FLOOR_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final System.Logger LOGGER = System.getLogger(Consumer.class.getName());

  private final ConsumerName name;
  private final Definition definition;
  private final Instant createdAt;
  private final Surroundings around;
  private final Parking parking;
  private final Saving saving;
  private final ReentrantLock lock = new ReentrantLock();

  /** Written with the lock held. */
  private volatile boolean isStored;

  // All below is guarded by the lock.

  private Ledger<EncodedEvent> ledger;

  private final List<ConsumerClient> clients = new ArrayList<>();

  /** Null while there are no clients. */
  private @Nullable Reading reading;

  /** Whose reading counts; null while nobody reads. */
  private @Nullable Feed feed;

  private final Tally tally;

  private boolean isDeleted;

  /** There is something that a write under way does not have; it may wait a little. */
  private boolean isDirty;

  /** The cursor as it was last handed to the log. */
  private Position savedPosition;

  private int firstToWake;
  private long retryAtNanos;
  private long refreshAtNanos;
  private long saveFloorAtNanos;

  Consumer(ConsumerName name, ConsumerState state, Surroundings around) {
    this.name = name;
    this.definition = state.definition();
    this.createdAt = state.createdAt();
    this.around = around;
    this.tally = new Tally(state.counts());
    this.savedPosition = state.position();
    this.ledger = ledger(state.position(), state.ledger());
    this.parking =
        new Parking(around, new DeadLetters(name, definition, around.clock()), this::parked);
    this.saving =
        new Saving(
            new Saving.Target(name.value(), around.cursors(), around.executor()),
            lock,
            new SavedState());
  }

  /** One that was stored before. */
  static Consumer loaded(ConsumerName name, ConsumerState state, Surroundings around) {
    Consumer consumer = new Consumer(name, state, around);
    consumer.isStored = true;
    return consumer;
  }

  /** A ledger from a place on, which may be of another life of the log. */
  private Ledger<EncodedEvent> ledger(Position from, LedgerState state) {
    LogRange range = around.hub().range();
    Ledger.Bounds bounds =
        new Ledger.Bounds(
            definition.mode(),
            definition.attemptsMax(),
            around.settings().outstandingEventsMax(),
            READ_AHEAD_BYTES);
    if (from.epoch().equals(range.epoch())) {
      return new Ledger<>(bounds, state);
    }
    Position earliest = range.earliestPosition();
    Ledger<EncodedEvent> fresh = new Ledger<>(bounds, LedgerState.at(earliest.seq()));
    fresh.addHole(new Next.Gap(from, earliest, earliest, GapReason.EPOCH_UNKNOWN));
    return fresh;
  }

  /** False until it was stored for the first time. */
  boolean isStored() {
    return isStored;
  }

  ConsumerName name() {
    return name;
  }

  Definition definition() {
    return definition;
  }

  /** Runs a step with the lock held, then sets going what it made necessary. */
  <T> T change(Supplier<T> step) {
    return change(step, Reading::wake);
  }

  /** As {@link #change}, for a client: what it wants is read at once, of what is in memory. */
  <T> T serve(Supplier<T> step) {
    return change(step, Reading::readHeld);
  }

  private <T> T change(Supplier<T> step, java.util.function.Consumer<Reading> read) {
    T result;
    List<ConsumerClient> toWake;
    @Nullable Reading toRead;
    boolean isAgainWanted;
    boolean isMoreWanted;
    lock.lock();
    try {
      result = step.get();
      parking.begin(ledger);
      toWake = toWake();
      toRead = reading;
      isAgainWanted = ledger.wantedAgain() > 0;
      isMoreWanted = ledger.wantsMore();
    } finally {
      lock.unlock();
    }
    toWake.forEach(ConsumerClient::wake);
    if (toRead != null && (isAgainWanted || (isMoreWanted && toRead.hasMore()))) {
      read.accept(toRead);
    }
    return result;
  }

  private List<ConsumerClient> toWake() {
    List<ConsumerClient> toWake = new ArrayList<>(0);
    int count = clients.size();
    for (int i = 0; i < count; i++) {
      ConsumerClient client = clients.get((firstToWake + i) % count);
      if (client.beginWakeUp(ledger.hasSomethingFor(client.holder()))) {
        toWake.add(client);
      }
    }
    if (!toWake.isEmpty()) {
      firstToWake = (firstToWake + 1) % count; // Another is first the next time.
    }
    return toWake;
  }

  /** Takes a client in; empty when the consumer was deleted. */
  Optional<ConsumerClient> open(ConsumerClient.Peer peer, Duration ackDeadline) {
    return change(
        () -> {
          if (isDeleted) {
            return Optional.empty();
          }
          if (reading == null) {
            reading = startReading();
          }
          Holder<EncodedEvent> holder = ledger.open(ackDeadline.toNanos());
          ConsumerClient client = new ConsumerClient(this, holder, peer, around.clock().instant());
          clients.add(client);
          return Optional.of(client);
        });
  }

  private Reading startReading() {
    Position after = new Position(around.hub().range().epoch(), ledger.readThrough());
    feed = new Feed(this);
    return new Reading(around.hub(), definition.filter(), after, around.executor(), feed);
  }

  /** What a feed is to read next. */
  Reading.Wish wish(Feed by) {
    lock.lock();
    try {
      if (feed != by) {
        return new Reading.Wish.Nothing();
      }
      long again = ledger.wantedAgain();
      if (again > 0) {
        return new Reading.Wish.Again(again);
      }
      return ledger.wantsMore() ? new Reading.Wish.More() : new Reading.Wish.Nothing();
    } finally {
      lock.unlock();
    }
  }

  /** Takes what was read, unless another reading has begun since. */
  void feed(Feed by, java.util.function.Consumer<Ledger<EncodedEvent>> step) {
    change(
        () -> {
          if (feed == by) {
            step.accept(ledger);
          }
          return true;
        });
  }

  /** The log cannot be read: the clients are told, and may come again. */
  void readFailed(Feed by, RuntimeException cause) {
    if (!(cause instanceof LogFailedException)) {
      LOGGER.log(System.Logger.Level.ERROR, "consumer_failed consumer=" + name, cause);
    }
    feed(by, failing -> sendAway(new Handed.Ending.Failed(cause)));
  }

  /** Lets a client go. */
  void leave(ConsumerClient client, BooleanSupplier isFailure) {
    change(
        () -> {
          if (clients.remove(client)) {
            ledger.close(
                client.holder(), isFailure.getAsBoolean() && !around.isDraining(), around.nanos());
            isDirty = true;
            endReadingWhenAlone();
          }
          return true;
        });
  }

  /** Lets a client go in order; see {@link ConsumerClient#finish}. */
  CompletableFuture<Handed> finish(ConsumerClient client) {
    leave(client, () -> false);
    return change(
        () -> {
          long ref = client.refTaken();
          return saving
              .save()
              .thenApply(
                  outcome ->
                      switch (outcome) {
                        case Outcome.Stored stored ->
                            change(() -> client.lastAfter(ref, position()));
                        case Outcome.Refused refused -> new Handed.Ended(failed(refused));
                      });
        });
  }

  private void endReadingWhenAlone() {
    if (clients.isEmpty() && reading != null) {
      around.executor().execute(reading::close); // It waits for a read that is under way.
      reading = null;
      feed = null;
      ledger.releaseEvents();
    }
  }

  Handed take(Holder<EncodedEvent> holder, int bytesMax) {
    return switch (ledger.take(holder, around.nanos(), bytesMax)) {
      case Taken.Events<EncodedEvent> events -> new Handed.Events(events.events());
      case Taken.Hole<EncodedEvent> hole -> new Handed.Gap(hole.gap());
      case Taken.Nothing<EncodedEvent> nothing -> new Handed.Nothing();
    };
  }

  boolean isTold(Holder<EncodedEvent> holder, long seq) {
    return ledger.isTold(holder, seq);
  }

  boolean isTold(Holder<EncodedEvent> holder, Position through) {
    return through.epoch().equals(around.hub().range().epoch())
        && through.seq() <= holder.newestTold;
  }

  Position tellPosition(Holder<EncodedEvent> holder) {
    holder.newestTold = Math.max(holder.newestTold, ledger.floor());
    return position();
  }

  void acknowledge(Holder<EncodedEvent> holder, Collection<Long> seqs, @Nullable Position through) {
    int count = ledger.acknowledge(holder, seqs);
    if (through != null) {
      count += ledger.acknowledgeThrough(holder, through.seq());
    }
    tally.acknowledged(count, around.clock().instant());
    if (holder.outstanding == 0) {
      saving.saveSoon(); // The client may be waiting for this before it goes on.
    } else {
      saving.saveWithMore();
    }
  }

  void reject(Holder<EncodedEvent> holder, Collection<Long> seqs, String error, Duration delay) {
    long now = around.nanos();
    ledger.reject(holder, seqs, error, new Ledger.Times(now, now + delay.toNanos()));
    isDirty = true;
  }

  void extend(Holder<EncodedEvent> holder, Collection<Long> seqs, Duration deadline) {
    ledger.extend(holder, seqs, around.nanos() + deadline.toNanos());
  }

  /** The cursor. */
  Position position() {
    Optional<Next.Gap> hole = ledger.firstHole();
    Position floor = new Position(around.hub().range().epoch(), ledger.floor());
    return hole.isPresent() && !hole.get().from().epoch().equals(floor.epoch())
        ? hole.get().from()
        : floor;
  }

  /** Takes back what is overdue, tries again what was refused, stores what may wait. */
  void tick() {
    change(
        () -> {
          long now = around.nanos();
          isDirty |= ledger.expire(now);
          if (now >= retryAtNanos && isDirty) {
            retryAtNanos = now + SOON_NANOS;
            saving.saveSoon();
          }
          if (now >= saveFloorAtNanos) {
            saveFloorAtNanos = now + SAVE_FLOOR_NANOS;
            isDirty |= !position().equals(savedPosition);
          }
          if (reading != null && now >= refreshAtNanos) {
            refreshAtNanos = now + SOON_NANOS;
            reading.refresh();
          }
          return true;
        });
  }

  /** Has what is so now stored, and tells whether it was. */
  CompletableFuture<Outcome> save() {
    return change(saving::save);
  }

  /** Moves the cursor; every client is sent away. */
  CompletableFuture<Outcome> reset(Position to) {
    return change(
        () -> {
          sendAway(new Handed.Ending.Reset());
          tally.redelivered(ledger.failedDeliveries());
          ledger = ledger(to, LedgerState.at(to.seq()));
          return saving.save();
        });
  }

  /** Leaves nothing behind; every client is sent away. */
  CompletableFuture<Outcome> delete() {
    return change(
        () -> {
          isDeleted = true;
          sendAway(new Handed.Ending.Deleted());
          return saving.save();
        });
  }

  /** It could not be deleted: it is there as before. */
  void undelete() {
    change(
        () -> {
          isDeleted = false;
          return true;
        });
  }

  /** Ends every client; they are told by what they take next. */
  private void sendAway(Handed.Ending why) {
    List<ConsumerClient> leaving = List.copyOf(clients);
    clients.clear();
    for (ConsumerClient client : leaving) {
      client.end(why);
      ledger.close(client.holder(), false, around.nanos());
    }
    endReadingWhenAlone();
    around.executor().execute(() -> leaving.forEach(ConsumerClient::wake));
  }

  /** How it stands. */
  ConsumerInfo info() {
    lock.lock();
    try {
      long unread = Math.max(0, around.hub().range().head() - ledger.readThrough());
      return new ConsumerInfo(
          name,
          definition,
          createdAt,
          position(),
          ledger.open() + unread,
          ledger.outstanding(),
          ledger.retrying(),
          counts(),
          clients.stream().map(ConsumerClient::info).toList());
    } finally {
      lock.unlock();
    }
  }

  private Counts counts() {
    Counts until = tally.counts();
    return new Counts(
        until.acknowledged(),
        until.redelivered() + ledger.failedDeliveries(),
        until.parked(),
        until.acknowledgedAt());
  }

  private Handed.Ending failed(Outcome.Refused refused) {
    return new Handed.Ending.Failed(
        new LogFailedException(
            "what is known of " + name + " was not stored: " + refused.reason()));
  }

  private void parked(Ledger<EncodedEvent> of, Entry<EncodedEvent> entry, Parking.Outcome outcome) {
    change(
        () -> {
          parking.ended(outcome);
          if (of == ledger) {
            settle(entry, outcome);
          }
          return true;
        });
  }

  private void settle(Entry<EncodedEvent> entry, Parking.Outcome outcome) {
    switch (outcome) {
      case PARKED, GONE -> {
        if (ledger.parked(entry) && outcome == Parking.Outcome.PARKED) {
          tally.parked();
          LOGGER.log(
              System.Logger.Level.WARNING,
              "event_parked consumer="
                  + name
                  + " seq="
                  + entry.seq
                  + " channel="
                  + definition.deadLetters());
        }
        saving.saveSoon();
      }
      case REFUSED -> ledger.parkAgain(entry);
    }
  }

  /** The state that is stored. */
  private final class SavedState implements Saving.Owner {
    @Override
    public Optional<byte[]> state() {
      if (isDeleted) {
        return Optional.empty();
      }
      isDirty = false;
      savedPosition = position();
      clients.forEach(ConsumerClient::saving);
      LedgerState state = ledger.state();
      boolean isOfThisLog = savedPosition.epoch().equals(around.hub().range().epoch());
      return Optional.of(
          new ConsumerState(
                  definition,
                  createdAt,
                  savedPosition,
                  isOfThisLog ? state : LedgerState.at(savedPosition.seq()),
                  counts())
              .encode());
    }

    @Override
    public void saved(Outcome outcome) {
      switch (outcome) {
        case Outcome.Stored stored -> {
          isStored = true;
          clients.forEach(ConsumerClient::saved);
        }
        case Outcome.Refused refused when refused.reason() == Reason.DISK_FULL ->
            isDirty = true; // It is tried again.
        case Outcome.Refused refused -> sendAway(failed(refused));
      }
    }

    @Override
    public void afterSaved() {
      change(() -> true);
    }
  }
}
