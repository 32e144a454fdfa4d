package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import dev.reactorhub.v1.GetStatusRequest;
import dev.reactorhub.v1.ReadHistoryRequest;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/**
 * A client of a Reactor Hub: publishes events, receives them, and works for durable consumers.
 *
 * <pre>{@code
 * try (ReactorClient client = ReactorClient.builder(endpoint).build()) {
 *   client.on("news_processed", event -> seen.add(event.dataJson()));
 *   client.emit("news_processed", Map.of("title", "Hello"));
 * }
 * }</pre>
 *
 * <p>Any thread may use it, virtual ones included; one client per hub is enough. It connects when
 * first used, and again whenever the connection is lost. Connections are plaintext unless {@link
 * ReactorClientBuilder#tls} says otherwise.
 */
public final class ReactorClient implements AutoCloseable {
  private final HubConnection hub;
  private final ThreadFactory threads;
  private final EventIds ids;
  private final Publisher publisher;
  private final Listeners listeners;

  /** What is to be ended with the client: how to end it, by what it ends. */
  private final Map<Object, Runnable> open = new ConcurrentHashMap<>();

  private volatile boolean isClosed;

  ReactorClient(HubConnection hub, ThreadFactory threads) {
    this.hub = hub;
    this.threads = threads;
    this.ids = new EventIds(hub.timing()::instant);
    this.publisher = new Publisher(hub, ids);
    this.listeners =
        new Listeners(listener -> subscribe(Filter.defaultChannel(), StartAt.latest(), listener));
  }

  /**
   * Begins a client.
   *
   * @param endpoint where the hub serves gRPC, as {@code host:port}
   * @return a builder
   * @throws IllegalArgumentException if the endpoint is not of that form
   */
  public static ReactorClientBuilder builder(String endpoint) {
    return new ReactorClientBuilder(endpoint);
  }

  /**
   * Publishes an event of the default channel and waits until it is stored.
   *
   * @param type the Reactor event name
   * @param dataJson any JSON value as text
   * @return where it was stored
   * @throws IllegalArgumentException if the type is not a valid name
   * @throws ReactorException if it was not acknowledged
   */
  public PublishResult emit(String type, String dataJson) {
    return publish(NewEvent.of(type, dataJson));
  }

  /**
   * Publishes an event of the default channel and waits until it is stored.
   *
   * @param type the Reactor event name
   * @param data the event's data: maps, iterables, texts, numbers, booleans and null, at most 100
   *     levels deep
   * @return where it was stored
   * @throws IllegalArgumentException if the type is not a valid name, or the data holds anything
   *     else
   * @throws ReactorException if it was not acknowledged
   */
  public PublishResult emit(String type, Map<String, ?> data) {
    return emit(type, Json.of(data));
  }

  /**
   * Publishes an event and waits until it is stored, as durably as the hub is configured. When the
   * hub cannot be reached it tries again until the publish timeout; all attempts carry the same id,
   * so the event is stored once.
   *
   * @param event the event
   * @return where it was stored
   * @throws ReactorException if it was not acknowledged; the kind says whether it may have been
   *     stored
   */
  public PublishResult publish(NewEvent event) {
    CompletableFuture<PublishResult> result = publishAsync(event);
    try {
      return result.get();
    } catch (InterruptedException e) {
      result.cancel(false);
      Thread.currentThread().interrupt();
      throw new ReactorException.Interrupted(e);
    } catch (ExecutionException e) {
      throw Failures.of(requireNonNull(e.getCause()));
    }
  }

  /**
   * Publishes an event like {@link #publish}, without waiting for the answer. Events that are on
   * their way at the same time may be stored in any order. When too many bytes are on their way it
   * waits for room, at most the publish timeout.
   *
   * @param event the event
   * @return where it was stored; fails with a {@link ReactorException}. Cancelling it abandons the
   *     event, which may be stored all the same. Dependent stages run on a thread of the client and
   *     should not block
   * @throws ReactorException.Interrupted if the thread is interrupted while it waits for room
   */
  public CompletableFuture<PublishResult> publishAsync(NewEvent event) {
    return publisher.publish(requireNonNull(event, "event"));
  }

  /**
   * Opens a stream of events to publish: for many events in a row, in their order.
   *
   * @return the stream; close it
   * @throws ReactorException.Closed if the client is closed
   */
  public PublishStream publishStream() {
    PublishStream stream = new PublishStream(hub, ids, open::remove);
    return keep(stream, () -> stream.abort("the client"));
  }

  /**
   * Calls a handler for every event of a type on the default channel from now on. All handlers of a
   * client share one subscription, which begins with the first of them, reconnects and resumes by
   * itself, and ends with the last. What a handler throws is logged and harms nobody else.
   *
   * @param type the event type, exact; {@code *} for every type
   * @param handler what to call; adding it twice calls it twice
   * @return tells when the hub has taken the subscription, and removes the handler; may be ignored
   * @throws IllegalArgumentException if the type is not a valid name
   * @throws ReactorException.Closed if the client is closed
   */
  public Registration on(String type, EventHandler handler) {
    return listeners.on(type, requireNonNull(handler, "handler"));
  }

  /**
   * Stops calling a handler. A call that is under way finishes.
   *
   * @param type the event type it was added for
   * @param handler the same object that was added
   * @return whether it was there; if it was added twice it is there once more
   */
  public boolean off(String type, EventHandler handler) {
    return listeners.off(type, handler);
  }

  /**
   * Stops calling all handlers that were added for a type.
   *
   * @param type the event type they were added for; {@code *} for those of every type, not for all
   * @return whether there were any
   */
  public boolean off(String type) {
    return listeners.off(type);
  }

  /**
   * Subscribes in the form of an iteration that waits, for a thread of its own; a virtual one is
   * enough. It connects with the first call of {@link EventStream#hasNext}.
   *
   * @param filter which events
   * @param start where in the log to begin
   * @return the stream; close it
   * @throws ReactorException.Closed if the client is closed
   */
  public EventStream subscribe(Filter filter, StartAt start) {
    return openStream(filter, start, () -> {});
  }

  /**
   * Subscribes a listener. Returns at once; {@link Subscription#established} tells when the hub has
   * taken it.
   *
   * @param filter which events
   * @param start where in the log to begin
   * @param listener whom to call, on one thread
   * @return the subscription
   * @throws ReactorException.Closed if the client is closed
   */
  public Subscription subscribe(Filter filter, StartAt start, SubscriptionListener listener) {
    requireNonNull(listener, "listener");
    return Subscription.start(subscribe(filter, start), listener, threads);
  }

  /**
   * Subscribes in the form of Reactive Streams. Each subscriber has a subscription of its own,
   * which begins when it subscribes and is served on one thread. The hub is asked for more only as
   * the subscriber asks. It completes when the client is closed, and fails with a {@link
   * ReactorException} when the hub ends it for good.
   *
   * @param filter which events
   * @param start where in the log to begin; the position of a {@link StartAt.Stored} moves as
   *     {@code onNext} returns, so it is for one subscriber
   * @return a publisher of events, and of what there is to tell about their delivery
   */
  public Flow.Publisher<Delivery> publisher(Filter filter, StartAt start) {
    requireNonNull(filter, "filter");
    requireNonNull(start, "start");
    return new EventPublisher(whenOver -> openStream(filter, start, whenOver), threads);
  }

  private EventStream openStream(Filter filter, StartAt start, Runnable whenOver) {
    requireNonNull(filter, "filter");
    requireNonNull(start, "start");
    EventStream stream =
        new EventStream(
            hub,
            filter,
            start,
            over -> {
              open.remove(over);
              whenOver.run();
            });
    return keep(stream, stream::close);
  }

  /**
   * Works for a durable consumer: the hub remembers under its name what was dealt with, across
   * restarts of both, and gives out again what was not. Clients that name the same consumer share
   * its events. Returns at once; {@link Consumer#established} tells when the hub has opened it.
   *
   * @param spec the consumer, made when it does not exist
   * @param handler deals with one event; when it returns the event is acknowledged
   * @return the client's part of the consumer; close it
   * @throws ReactorException.Closed if the client is closed
   */
  public Consumer consume(ConsumerSpec spec, ConsumeHandler handler) {
    requireNonNull(spec, "spec");
    requireNonNull(handler, "handler");
    Consumer consumer = Consumer.start(hub, spec, handler, threads, open::remove);
    return keep(consumer, consumer::abort);
  }

  /**
   * Looks after durable consumers.
   *
   * @return what there is to ask and to do
   */
  public Consumers consumers() {
    return new Consumers(new Caller());
  }

  /** A method with a type of its own cannot be a lambda. */
  private final class Caller implements Consumers.Caller {
    @Override
    public <T> T call(Function<HubConnection.Route, T> call) {
      return ReactorClient.this.call(call);
    }
  }

  /** What is opened is ended with the client. */
  private <T> T keep(T opened, Runnable end) {
    open.put(opened, end);
    // Looked at after adding: whoever closes either finds this one or is seen here.
    if (isClosed) {
      end.run();
      throw new ReactorException.Closed("the client");
    }
    return opened;
  }

  /**
   * Reads the first page of the log, from the oldest event it holds.
   *
   * @param filter which events
   * @param pageSize at most so many, 1 to 1000
   * @return the page
   * @throws ReactorException if the hub did not answer with one
   */
  public HistoryPage history(Filter filter, int pageSize) {
    return readHistory(filter, "", pageSize);
  }

  /**
   * Reads one page of the log.
   *
   * @param filter which events
   * @param after the page begins after this position, for example {@link HistoryPage#next()}
   * @param pageSize at most so many, 1 to 1000
   * @return the page
   * @throws ReactorException if the hub did not answer with one; {@link ReactorException.Refused}
   *     with the code {@code position_expired} when the log no longer reaches back to {@code after}
   */
  public HistoryPage history(Filter filter, String after, int pageSize) {
    return readHistory(filter, Names.position(after), pageSize);
  }

  private HistoryPage readHistory(Filter filter, String after, int pageSize) {
    if (pageSize < 1) {
      throw new IllegalArgumentException("pageSize is " + pageSize + ": must be at least 1");
    }
    ReadHistoryRequest request =
        ReadHistoryRequest.newBuilder()
            .setFilter(Wire.toMessage(filter))
            .setAfter(after)
            .setPageSize(pageSize)
            .build();
    return call(route -> Wire.historyPage(route.blockingStub().readHistory(request)));
  }

  /**
   * Asks what the hub is doing.
   *
   * @return its status
   * @throws ReactorException if it did not answer
   */
  public HubStatus status() {
    return call(
        route ->
            Wire.hubStatus(route.blockingStub().getStatus(GetStatusRequest.getDefaultInstance())));
  }

  /**
   * Makes a call that changes nothing, or the same when made twice: each endpoint is asked once.
   */
  private <T> T call(Function<HubConnection.Route, T> call) {
    for (int attempt = 1; ; attempt++) {
      HubConnection.Route route = hub.route();
      try {
        return call.apply(route);
      } catch (StatusRuntimeException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new ReactorException.Interrupted(e);
        }
        if (isClosed) {
          throw new ReactorException.Closed("the client");
        }
        ReactorException cause = Failures.of(e);
        route.leaveOn(cause);
        if (attempt >= hub.endpoints() || !(cause instanceof ReactorException.Unavailable)) {
          throw cause;
        }
      } catch (IllegalArgumentException e) {
        throw Failures.malformed(e);
      }
    }
  }

  /**
   * Ends everything at once and does not wait: iterations end, listeners and handlers are not
   * called again, and what was not acknowledged fails with {@link ReactorException.Closed}. Again
   * is harmless.
   */
  @Override
  public void close() {
    isClosed = true;
    open.values().forEach(Runnable::run);
    publisher.close();
    hub.close();
  }
}
