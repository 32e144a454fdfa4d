package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import dev.reactorhub.v1.GetStatusRequest;
import dev.reactorhub.v1.ReadHistoryRequest;
import io.grpc.StatusRuntimeException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * A client of a Reactor Hub: publishes events and receives them.
 *
 * <pre>{@code
 * try (ReactorClient client = ReactorClient.builder("127.0.0.1:9090").build()) {
 *   client.on("news_processed", event -> System.out.println(event.dataJson()));
 *   client.emit("news_processed", "{\"title\":\"Hello\"}");
 * }
 * }</pre>
 *
 * <p>Any thread may use it; one client per hub is enough. It connects when first used, and again
 * whenever the connection is lost. Connections are plaintext.
 */
public final class ReactorClient implements AutoCloseable {
  private final HubConnection hub;
  private final Publisher publisher;
  private final Listeners listeners;
  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;

  ReactorClient(HubConnection hub) {
    this.hub = hub;
    this.publisher = new Publisher(hub);
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
   * Calls a handler for every event of a type on the default channel from now on. All handlers of a
   * client share one subscription, which begins with the first of them, reconnects and resumes by
   * itself, and ends with the last. What a handler throws is logged and harms nobody else.
   *
   * @param type the event type, exact
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
    return Subscription.start(events(filter, start), listener);
  }

  /**
   * Subscribes in the form of an iteration. It connects with the first call of {@link
   * EventStream#hasNext}.
   *
   * @param filter which events
   * @param start where in the log to begin
   * @return the stream; close it
   * @throws ReactorException.Closed if the client is closed
   */
  public EventStream events(Filter filter, StartAt start) {
    requireNonNull(filter, "filter");
    requireNonNull(start, "start");
    EventStream stream = new EventStream(hub, filter, start, streams::remove);
    streams.add(stream);
    // Looked at after adding: whoever closes either finds this stream or is seen here.
    if (isClosed) {
      stream.close();
      throw new ReactorException.Closed("the client");
    }
    return stream;
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
    return call(() -> Wire.historyPage(hub.blockingStub().readHistory(request)));
  }

  /**
   * Asks what the hub is doing.
   *
   * @return its status
   * @throws ReactorException if it did not answer
   */
  public HubStatus status() {
    return call(
        () -> Wire.hubStatus(hub.blockingStub().getStatus(GetStatusRequest.getDefaultInstance())));
  }

  private <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new ReactorException.Interrupted(e);
      }
      throw isClosed ? new ReactorException.Closed("the client") : Failures.of(e);
    } catch (IllegalArgumentException e) {
      throw Failures.malformed(e);
    }
  }

  /**
   * Ends everything at once and does not wait: iterations end, listeners are not called again, and
   * what was not acknowledged fails with {@link ReactorException.Closed}. Again is harmless.
   */
  @Override
  public void close() {
    isClosed = true;
    streams.forEach(EventStream::close);
    publisher.close();
    hub.close();
  }
}
