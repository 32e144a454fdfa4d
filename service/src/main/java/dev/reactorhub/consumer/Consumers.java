package dev.reactorhub.consumer;

import dev.reactorhub.consumer.ConsumerInfo.Counts;
import dev.reactorhub.event.ConsumerName;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Start;
import dev.reactorhub.hub.Subscription;
import dev.reactorhub.log.AppendResult.Reason;
import dev.reactorhub.log.NamedCursors;
import dev.reactorhub.log.NamedCursors.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * All durable consumers of a hub. Any thread; {@link #start} once, {@link #drain} before {@link
 * #close}, which must precede the end of the log. What creates, moves or deletes waits for the log.
 */
public final class Consumers implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
  private static final System.Logger LOGGER = System.getLogger(Consumers.class.getName());

  private final Surroundings around;
  private final ConcurrentSkipListMap<ConsumerName, Consumer> byName =
      new ConcurrentSkipListMap<>();

  /** Held while one is added. */
  private final ReentrantLock making = new ReentrantLock();

  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("consumer-deadlines").factory());

  /**
   * What consumers work with.
   *
   * @param cursors where they are stored
   * @param clock for times that people are told
   * @param monotonicNanos for deadlines
   */
  public record Parts(
      Hub hub, NamedCursors cursors, InstantSource clock, LongSupplier monotonicNanos) {
    /** With the monotonic clock of the system. */
    public static Parts of(Hub hub, NamedCursors cursors, InstantSource clock) {
      long origin = System.nanoTime();
      return new Parts(hub, cursors, clock, () -> System.nanoTime() - origin);
    }
  }

  /**
   * Loads those that are stored.
   *
   * @throws dev.reactorhub.log.LogFailedException when one cannot be read
   */
  public Consumers(Parts parts, ConsumerSettings settings) {
    this.around = new Surroundings(parts, settings);
    parts.cursors().load().forEach(this::load);
  }

  private void load(String stored, byte[] state) {
    ConsumerName name = new ConsumerName(stored);
    byName.put(name, Consumer.loaded(name, ConsumerState.decode(name, state), around));
  }

  /** Begins to watch over deadlines. */
  public void start() {
    var _ =
        ticker.scheduleWithFixedDelay(
            this::tick, TICK.toNanos(), TICK.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What consumers obey. */
  public ConsumerSettings settings() {
    return around.settings();
  }

  /**
   * How a client opens.
   *
   * @param definition empty: the consumer must exist
   * @param start where it begins when it is made now
   */
  public record Opening(
      ConsumerName name, Optional<Definition> definition, Start start, Duration ackDeadline) {}

  /** What became of the wish to open, move or delete. */
  public sealed interface Result {
    /**
     * The client is of the consumer.
     *
     * @param isNew the consumer was made now
     */
    record Opened(ConsumerClient client, Definition definition, Position position, boolean isNew)
        implements Result {}

    /** It was moved. */
    record Moved(ConsumerInfo info) implements Result {}

    /** It was deleted. */
    record Deleted() implements Result {}

    /** There is none of the name. */
    record NotFound() implements Result {}

    /**
     * It is another than the client wants.
     *
     * @param difference what it has, for people
     */
    record Mismatch(String difference) implements Result {}

    /** There are as many as there may be. */
    record TooMany(int limit) implements Result {}

    /** The place lies beyond the newest event. */
    record InFuture(Position head) implements Result {}

    /** The log did not store it. */
    record Refused(Reason reason) implements Result {}
  }

  /** Opens a client of a consumer, which is made when it is missing and defined. */
  public Result open(Opening opening, ConsumerClient.Peer peer) {
    Consumer existing = byName.get(opening.name());
    if (existing != null) {
      return join(existing, opening, peer);
    }
    if (opening.definition().isEmpty()) {
      return new Result.NotFound();
    }
    return switch (place(opening.definition().get(), opening.start())) {
      case Place.At at -> make(at.position(), opening, peer);
      case Place.InFuture future -> new Result.InFuture(future.head());
    };
  }

  private Result make(Position at, Opening opening, ConsumerClient.Peer peer) {
    Consumer made;
    making.lock();
    try {
      Consumer existing = byName.get(opening.name());
      if (existing != null) {
        return join(existing, opening, peer);
      }
      int consumersMax = settings().consumersMax();
      if (byName.size() >= consumersMax) {
        return new Result.TooMany(consumersMax);
      }
      ConsumerState state =
          new ConsumerState(
              opening.definition().orElseThrow(),
              around.clock().instant(),
              at,
              LedgerState.at(at.seq()),
              new Counts(0, 0, 0, Optional.empty()));
      made = new Consumer(opening.name(), state, around);
      byName.put(opening.name(), made);
    } finally {
      making.unlock();
    }
    return switch (made.save().join()) {
      case Outcome.Stored stored -> opened(made, opening, peer, true);
      case Outcome.Refused refused -> {
        byName.remove(made.name(), made);
        yield new Result.Refused(refused.reason());
      }
    };
  }

  private Result join(Consumer consumer, Opening opening, ConsumerClient.Peer peer) {
    Optional<String> difference = opening.definition().flatMap(consumer.definition()::difference);
    if (difference.isPresent()) {
      return new Result.Mismatch(difference.get());
    }
    if (!consumer.isStored() && consumer.save().join() instanceof Outcome.Refused(Reason reason)) {
      return new Result.Refused(reason); // Another is making it, and cannot.
    }
    return opened(consumer, opening, peer, false);
  }

  private static Result opened(
      Consumer consumer, Opening opening, ConsumerClient.Peer peer, boolean isNew) {
    return consumer
        .open(peer, opening.ackDeadline())
        .<Result>map(
            client ->
                new Result.Opened(client, consumer.definition(), client.tellPosition(), isNew))
        .orElseGet(Result.NotFound::new);
  }

  /** Where something begins. */
  private sealed interface Place {
    record At(Position position) implements Place {}

    record InFuture(Position head) implements Place {}
  }

  private Place place(Definition definition, Start start) {
    return switch (around.hub().subscribe(definition.filter(), start, () -> {})) {
      case Hub.SubscribeResult.InFuture future -> new Place.InFuture(future.head());
      case Hub.SubscribeResult.Subscribed subscribed -> {
        try (Subscription there = subscribed.subscription()) {
          yield new Place.At(there.position());
        }
      }
    };
  }

  /** Moves the cursor of a consumer; its clients are sent away. */
  public Result reset(ConsumerName name, Start to) {
    Consumer consumer = byName.get(name);
    if (consumer == null) {
      return new Result.NotFound();
    }
    return switch (place(consumer.definition(), to)) {
      case Place.InFuture future -> new Result.InFuture(future.head());
      case Place.At at ->
          switch (consumer.reset(at.position()).join()) {
            case Outcome.Stored stored -> new Result.Moved(consumer.info());
            case Outcome.Refused refused -> new Result.Refused(refused.reason());
          };
    };
  }

  /** Deletes a consumer; its clients are sent away. */
  public Result delete(ConsumerName name) {
    Consumer consumer = byName.get(name);
    if (consumer == null) {
      return new Result.NotFound();
    }
    return switch (consumer.delete().join()) {
      case Outcome.Stored stored -> {
        byName.remove(name, consumer);
        yield new Result.Deleted();
      }
      case Outcome.Refused refused -> {
        consumer.undelete();
        yield new Result.Refused(refused.reason());
      }
    };
  }

  /** How one stands. */
  public Optional<ConsumerInfo> info(ConsumerName name) {
    return Optional.ofNullable(byName.get(name)).map(Consumer::info);
  }

  /**
   * How those stand whose names come after another, in order.
   *
   * @param after empty: from the first
   */
  public List<ConsumerInfo> list(Optional<ConsumerName> after, int max) {
    Map<ConsumerName, Consumer> wanted =
        after.<Map<ConsumerName, Consumer>>map(name -> byName.tailMap(name, false)).orElse(byName);
    return wanted.values().stream().limit(max).map(Consumer::info).toList();
  }

  /** From now on a client that leaves has failed nothing: the hub is stopping. */
  public void drain() {
    around.drain();
  }

  /** Stores where every consumer is, within a few seconds, and ends the watch over deadlines. */
  @Override
  public void close() {
    around.drain();
    ticker.shutdownNow();
    CompletableFuture<?>[] saves =
        byName.values().stream().map(Consumer::save).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(saves).get(CLOSE_MAX.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOGGER.log(System.Logger.Level.WARNING, "consumers_not_stored", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tick() {
    for (Consumer consumer : byName.values()) {
      try {
        consumer.tick();
      } catch (RuntimeException e) { // one consumer's top: it must not hold up the others
        LOGGER.log(
            System.Logger.Level.ERROR, "consumer_watch_failed consumer=" + consumer.name(), e);
      }
    }
  }
}
