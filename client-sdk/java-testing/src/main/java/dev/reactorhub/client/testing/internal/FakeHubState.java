package dev.reactorhub.client.testing.internal;

import dev.reactorhub.client.testing.ConsumerRecord;
import dev.reactorhub.client.testing.Refusal;
import dev.reactorhub.client.testing.StoredEvent;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.Consumer;
import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.Gap;
import dev.reactorhub.v1.GoingAway;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.Open;
import dev.reactorhub.v1.Start;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one lock of the fake hub and what it guards: the log, subscriptions, consumers. Its public
 * methods are for any thread.
 */
public final class FakeHubState {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.

  private final HubLog log = new HubLog();
  private final List<Subscriber> subscribers = new ArrayList<>();
  private final TreeMap<String, FakeConsumer> consumers = new TreeMap<>();
  private final List<StoredEvent> published = new ArrayList<>();
  private int publishedTaken;

  void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private <T> T within(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  // What the services do, under the lock.

  HubLog log() {
    return log;
  }

  HubLog.Stored publish(NewEvent draft, boolean isByClient) {
    HubLog.Stored stored = log.append(draft);
    if (isByClient) {
      published.add(toStored(stored.event()));
    }
    serve();
    return stored;
  }

  /** Hands out what may be handed out. */
  void serve() {
    consumers.values().forEach(FakeConsumer::serve);
    subscribers.forEach(Subscriber::serve);
  }

  void subscribe(SubscribeRequest request, ServerCallStreamObserver<SubscribeResponse> out) {
    Subscriber subscriber =
        new Subscriber(log, request.getFilter(), log.place(request.getStart()), out);
    subscribers.add(subscriber);
    out.setOnCancelHandler(() -> locked(() -> subscribers.remove(subscriber)));
    out.setOnReadyHandler(() -> locked(subscriber::serve));
    subscriber.serve();
  }

  @Nullable FakeConsumer consumer(String name) {
    return consumers.get(name);
  }

  FakeConsumer requireConsumer(String name) {
    FakeConsumer found = consumers.get(name);
    if (found == null) {
      throw HubErrors.of(refusal("consumer_not_found", "NOT_FOUND", name));
    }
    return found;
  }

  FakeConsumer openConsumer(Open open) {
    FakeConsumer found = consumers.get(open.getConsumer());
    if (found == null && open.hasDefinition()) {
      FakeConsumer made =
          new FakeConsumer(
              open.getConsumer(), open.getDefinition(), log.place(open.getStart()), log);
      consumers.put(open.getConsumer(), made);
      return made;
    }
    if (found != null && open.hasDefinition() && !found.isTheSameAs(open.getDefinition())) {
      throw HubErrors.of(refusal("consumer_mismatch", "FAILED_PRECONDITION", open.getConsumer()));
    }
    return requireConsumer(open.getConsumer());
  }

  List<Consumer> consumerStatuses() {
    return consumers.values().stream().map(FakeConsumer::status).toList();
  }

  Consumer reset(String name, Start to) {
    FakeConsumer consumer = requireConsumer(name);
    consumer.reset(log.place(to));
    end(consumer, HubErrors.of(refusal("consumer_reset", "ABORTED", name)));
    return consumer.status();
  }

  void delete(String name) {
    FakeConsumer consumer = requireConsumer(name);
    consumers.remove(name);
    end(consumer, HubErrors.of(refusal("consumer_not_found", "NOT_FOUND", name)));
  }

  private static void end(FakeConsumer consumer, StatusRuntimeException cause) {
    consumer.streams().forEach(stream -> stream.end(cause));
  }

  private static Refusal refusal(String code, String status, String about) {
    return new Refusal(code, status, about, Optional.empty());
  }

  // What tests do; any thread.

  public StoredEvent publish(NewEvent draft) {
    StoredEvent[] stored = new StoredEvent[1];
    locked(() -> stored[0] = toStored(publish(draft, false).event()));
    return stored[0];
  }

  public List<StoredEvent> kept() {
    return within(() -> log.kept().stream().map(FakeHubState::toStored).toList());
  }

  public List<StoredEvent> published() {
    return within(() -> List.copyOf(published));
  }

  /** The next event that a client published and nobody has taken; null after the time. */
  public @Nullable StoredEvent takePublished(Duration timeout) throws InterruptedException {
    lock.lock();
    try {
      boolean isThere = await(() -> published.size() > publishedTaken, timeout);
      return isThere ? published.get(publishedTaken++) : null;
    } finally {
      lock.unlock();
    }
  }

  public int subscriptions() {
    return within(subscribers::size);
  }

  public boolean awaitSubscriptions(int count, Duration timeout) throws InterruptedException {
    lock.lock();
    try {
      return await(() -> subscribers.size() >= count, timeout);
    } finally {
      lock.unlock();
    }
  }

  private boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
    long leftNanos = timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (leftNanos <= 0) {
        return false;
      }
      leftNanos = changed.awaitNanos(leftNanos);
    }
    return true;
  }

  public String head() {
    return within(() -> log.position(log.head()));
  }

  public String earliest() {
    return within(() -> log.position(log.earliest()));
  }

  public void trim(long seq) {
    locked(
        () -> {
          log.trim(seq);
          serve();
        });
  }

  public void recreate() {
    locked(
        () -> {
          List<String> positions = subscribers.stream().map(Subscriber::position).toList();
          log.recreate();
          for (int i = 0; i < positions.size(); i++) {
            subscribers.get(i).restart(log.gap(positions.get(i), "epoch_unknown"));
          }
          consumers.values().forEach(consumer -> consumer.reset(new HubLog.Place(0, null)));
        });
  }

  public void heartbeat() {
    locked(
        () ->
            subscribers.forEach(
                subscriber -> {
                  SubscribeResponse.Builder frame = SubscribeResponse.newBuilder();
                  frame.getHeartbeatBuilder().setPosition(subscriber.position());
                  subscriber.send(frame);
                }));
  }

  public void tellGap(String from, String to, String reason) {
    Gap gap = Gap.newBuilder().setFrom(from).setTo(to).setReason(reason).build();
    locked(() -> subscribers.forEach(subscriber -> subscriber.tell(gap)));
  }

  public void goAway(Duration reconnectAfter) {
    StatusRuntimeException end = HubErrors.of(Refusal.of("going_away"));
    locked(
        () -> {
          for (Subscriber subscriber : List.copyOf(subscribers)) {
            subscriber.send(
                SubscribeResponse.newBuilder()
                    .setGoingAway(goingAway(reconnectAfter, subscriber.position())));
            subscriber.end(end);
          }
          subscribers.clear();
          for (FakeConsumer consumer : consumers.values()) {
            // The streams end when their clients have dealt with what they have.
            ConsumeResponse.Builder frame =
                ConsumeResponse.newBuilder()
                    .setGoingAway(goingAway(reconnectAfter, consumer.position()));
            consumer.streams().forEach(stream -> stream.send(frame));
          }
        });
  }

  private static GoingAway goingAway(Duration delay, String position) {
    return GoingAway.newBuilder()
        .setPosition(position)
        .setReconnectAfter(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(delay.getSeconds())
                .setNanos(delay.getNano()))
        .build();
  }

  public void expireDeadlines(String name) {
    locked(
        () -> {
          FakeConsumer consumer = consumers.get(name);
          if (consumer != null) {
            consumer.expireDeadlines();
            serve();
          }
        });
  }

  public Optional<ConsumerRecord> record(String name) {
    return within(() -> Optional.ofNullable(consumers.get(name)).map(FakeConsumer::record));
  }

  private static StoredEvent toStored(Event event) {
    return new StoredEvent(
        event.getId(),
        event.getType(),
        event.getChannel(),
        event.getSource(),
        Instant.ofEpochSecond(event.getTimestamp().getSeconds(), event.getTimestamp().getNanos()),
        event.getDataJson(),
        event.getTraceparent().isEmpty() ? Optional.empty() : Optional.of(event.getTraceparent()),
        event.getSeq(),
        event.getPosition());
  }
}
