package dev.reactorhub.consumer;

import dev.reactorhub.event.Position;
import dev.reactorhub.hub.EncodedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One client of a consumer, from {@link Consumers#open} until {@link #finish} or {@link #close}.
 * Any thread; one at a time takes.
 */
public final class ConsumerClient implements AutoCloseable {
  private final Consumer consumer;
  private final Holder<EncodedEvent> holder;
  private final Runnable wakeUp;
  private final String address;
  private final Instant openedAt;

  // All below is guarded by the consumer's lock.

  /** The newest number of an acknowledgement that was taken, is being stored, is durable, told. */
  private long refTaken;

  private long refSaving;
  private long refDurable;
  private long refTold;
  private boolean isActiveTold;
  private boolean isDraining;

  /** True from a wake-up until the client takes. */
  private boolean isWoken;

  private Handed.@Nullable Ending ending;

  ConsumerClient(Consumer consumer, Holder<EncodedEvent> holder, Peer peer, Instant openedAt) {
    this.consumer = consumer;
    this.holder = holder;
    this.wakeUp = peer.wakeUp();
    this.address = peer.address();
    this.openedAt = openedAt;
    this.isActiveTold = holder.isActive;
  }

  /**
   * Who is at the other end.
   *
   * @param address for people
   * @param wakeUp runs when there is something to take after {@link Handed.Nothing}; any thread,
   *     must return at once
   */
  public record Peer(String address, Runnable wakeUp) {}

  /** What became of something that the client said. */
  public sealed interface Answer {
    /** It holds. */
    record Taken() implements Answer {}

    /**
     * It cannot be meant; nothing of it holds.
     *
     * @param detail a sentence for the client
     */
    record Invalid(String detail) implements Answer {}
  }

  /**
   * What the client is to be told next.
   *
   * @param bytesMax stop adding events beyond this many bytes; the first is always added
   */
  public Handed take(int bytesMax) {
    return consumer.serve(() -> next(bytesMax));
  }

  private Handed next(int bytesMax) {
    isWoken = false;
    if (refDurable > refTold) {
      refTold = refDurable;
      return new Handed.Acknowledged(refTold, consumer.position());
    }
    if (ending != null) {
      return new Handed.Ended(ending);
    }
    if (isActiveTold != holder.isActive) {
      isActiveTold = holder.isActive;
      return new Handed.Role(isActiveTold);
    }
    return isDraining ? new Handed.Nothing() : consumer.take(holder, bytesMax);
  }

  /** Whether the client is given events, and not another of an exclusive consumer. */
  public boolean isActive() {
    return consumer.change(() -> holder.isActive);
  }

  /** How much the client may have from now on. */
  public void credit(int eventsMax, long bytesMax) {
    consumer.serve(
        () -> {
          holder.eventsMax = eventsMax;
          holder.bytesMax = bytesMax;
          return true;
        });
  }

  /**
   * Events were dealt with.
   *
   * @param through as well as everything that this client has up to here; null: no more than these
   * @param ref the client's number for this, beyond that of the one before; 0: none
   */
  public Answer acknowledge(Collection<Long> seqs, @Nullable Position through, long ref) {
    return consumer.serve(
        () -> {
          if (ref < 0 || (ref > 0 && ref <= refTaken)) {
            return new Answer.Invalid("ref is " + ref + ": must be more than " + refTaken);
          }
          Optional<Answer.Invalid> unknown = firstUnknown(seqs);
          if (unknown.isPresent()) {
            return unknown.get();
          }
          if (through != null && !consumer.isTold(holder, through)) {
            return new Answer.Invalid(
                "through is " + through + ": this stream was told nothing so new");
          }
          refTaken = Math.max(refTaken, ref);
          consumer.acknowledge(holder, seqs, through);
          return new Answer.Taken();
        });
  }

  /**
   * Events could not be dealt with.
   *
   * @param error why
   * @param delay before they are given again
   */
  public Answer reject(Collection<Long> seqs, String error, Duration delay) {
    return consumer.change(
        () -> {
          Optional<Answer.Invalid> unknown = firstUnknown(seqs);
          if (unknown.isEmpty()) {
            consumer.reject(holder, seqs, error, delay);
          }
          return unknown.<Answer>map(invalid -> invalid).orElseGet(Answer.Taken::new);
        });
  }

  /**
   * Events take longer.
   *
   * @param seqs none: all that the client has
   * @param deadline from now on
   */
  public Answer extend(Collection<Long> seqs, Duration deadline) {
    return consumer.change(
        () -> {
          Optional<Answer.Invalid> unknown = firstUnknown(seqs);
          if (unknown.isEmpty()) {
            consumer.extend(holder, seqs, deadline);
          }
          return unknown.<Answer>map(invalid -> invalid).orElseGet(Answer.Taken::new);
        });
  }

  private Optional<Answer.Invalid> firstUnknown(Collection<Long> seqs) {
    return seqs.stream()
        .filter(seq -> !consumer.isTold(holder, seq))
        .findFirst()
        .map(
            seq ->
                new Answer.Invalid(
                    "seq " + seq + " was not given out on this stream, nor one so new"));
  }

  /** The consumer's cursor, which the client is told: it may acknowledge through it. */
  public Position tellPosition() {
    return consumer.change(() -> consumer.tellPosition(holder));
  }

  /** Gives out nothing more on this client; what it acknowledges still counts. */
  public void drain() {
    consumer.change(
        () -> {
          isDraining = true;
          return true;
        });
  }

  /** Events that the client has. */
  public int outstanding() {
    return consumer.change(() -> holder.outstanding);
  }

  /**
   * Leaves in order: what the client still has goes to others and counts as no failure.
   *
   * @return the last it is to be told, once all it acknowledged is durable
   */
  public CompletableFuture<Handed> finish() {
    return consumer.finish(this);
  }

  /** Leaves as one whose connection broke: what it has failed. Idempotent. */
  @Override
  public void close() {
    consumer.leave(this, () -> !isDraining && ending == null);
  }

  Holder<EncodedEvent> holder() {
    return holder;
  }

  void end(Handed.Ending why) {
    if (ending == null) {
      ending = why;
    }
  }

  /** Acknowledgements taken so far are in what is stored next. */
  void saving() {
    refSaving = refTaken;
  }

  void saved() {
    refDurable = Math.max(refDurable, refSaving);
  }

  long refTaken() {
    return refTaken;
  }

  /** The last to tell, when everything up to a number is durable. */
  Handed lastAfter(long ref, Position position) {
    boolean isNews = ref > refTold;
    refTold = Math.max(refTold, ref);
    return isNews ? new Handed.Acknowledged(ref, position) : new Handed.Nothing();
  }

  /** True when it is to be woken: it has something to take and was not woken yet. */
  boolean beginWakeUp(boolean hasEvents) {
    boolean hasNews =
        ending != null
            || refDurable > refTold
            || isActiveTold != holder.isActive
            || (hasEvents && !isDraining);
    boolean isToBeWoken = hasNews && !isWoken;
    isWoken |= hasNews;
    return isToBeWoken;
  }

  ConsumerInfo.Client info() {
    return new ConsumerInfo.Client(
        address,
        openedAt,
        holder.isActive,
        holder.eventsMax,
        holder.bytesMax,
        holder.outstanding,
        holder.bytes);
  }

  void wake() {
    wakeUp.run();
  }
}
