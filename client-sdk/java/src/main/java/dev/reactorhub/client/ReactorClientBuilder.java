package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a client; each has a default. For one thread. */
public final class ReactorClientBuilder {
  private final List<String> endpoints = new ArrayList<>();
  private @Nullable Tls tls;
  private @Nullable TokenSupplier tokens;
  private @Nullable ConnectionListener connectionListener;
  private ThreadFactory threads = new ClientThreads();
  private Duration callTimeout = ClientSettings.DEFAULT.callTimeout();
  private Duration publishTimeout = ClientSettings.DEFAULT.publishTimeout();
  private Duration silenceMax = ClientSettings.DEFAULT.silenceMax();
  private int publishBytesMax = ClientSettings.DEFAULT.publishBytesMax();
  private int publishEventsMax = ClientSettings.DEFAULT.publishEventsMax();
  private int messageBytesMax = ClientSettings.DEFAULT.messageBytesMax();
  private Duration positionSaveInterval = ClientSettings.DEFAULT.positionSaveInterval();
  private Backoff backoff = ClientSettings.DEFAULT.backoff();

  ReactorClientBuilder(String endpoint) {
    endpoints.add(Endpoints.requireAddress(endpoint));
  }

  /**
   * Adds an endpoint of the same hub, to fail over to. All calls go to one endpoint, the first to
   * begin with; when it cannot be reached, or goes away, they go to the next one, after the last to
   * the first again. They stay where they are served.
   *
   * @param value as {@code host:port}
   * @return this
   * @throws IllegalArgumentException if it is not of that form
   */
  public ReactorClientBuilder endpoint(String value) {
    endpoints.add(Endpoints.requireAddress(value));
    return this;
  }

  /**
   * Encrypts the connections and checks the hub's certificate. They are plaintext unless set.
   *
   * @param value whom to trust, and what to show
   * @return this
   */
  public ReactorClientBuilder tls(Tls value) {
    tls = requireNonNull(value, "tls");
    return this;
  }

  /**
   * Sends a bearer token with each call. Needs {@link #tls}, unless all endpoints are on this
   * machine. When the hub no longer takes the token of a subscription that it has served, the
   * subscription connects again with a new one; it ends when that is not taken either.
   *
   * @param value hands out the token of each call
   * @return this
   */
  public ReactorClientBuilder credentials(TokenSupplier value) {
    tokens = requireNonNull(value, "credentials");
    return this;
  }

  /**
   * Hears how the connections come and go.
   *
   * @param value whom to tell
   * @return this
   */
  public ReactorClientBuilder connectionListener(ConnectionListener value) {
    connectionListener = requireNonNull(value, "connectionListener");
    return this;
  }

  /**
   * Makes the threads that call listeners, subscribers and consumers' handlers; each may block.
   * Daemon threads unless set; on Java 21 and later {@code Thread.ofVirtual().factory()} fits.
   *
   * @param value makes threads and does not start them
   * @return this
   */
  public ReactorClientBuilder threads(ThreadFactory value) {
    threads = requireNonNull(value, "threads");
    return this;
  }

  /**
   * How long one attempt of one call may take: a publish, a page of history, a status. 10 s unless
   * set.
   *
   * @param value more than zero
   * @return this
   */
  public ReactorClientBuilder callTimeout(Duration value) {
    callTimeout = requireNonNull(value, "callTimeout");
    return this;
  }

  /**
   * How long publishing may take in all, with its retries. Keep it within the hub's dedup window.
   * 30 s unless set.
   *
   * @param value more than zero
   * @return this
   */
  public ReactorClientBuilder publishTimeout(Duration value) {
    publishTimeout = requireNonNull(value, "publishTimeout");
    return this;
  }

  /**
   * How long a subscription waits for a sign of life before it takes the connection for dead. Must
   * exceed the hub's heartbeat interval, 25 s by default. 60 s unless set.
   *
   * @param value more than zero
   * @return this
   */
  public ReactorClientBuilder silenceMax(Duration value) {
    silenceMax = requireNonNull(value, "silenceMax");
    return this;
  }

  /**
   * How many bytes of events may await their acknowledgement, of the client and of each {@link
   * PublishStream}; who publishes beyond it waits. 16 MiB unless set.
   *
   * @param value 1 or more
   * @return this
   */
  public ReactorClientBuilder publishBytesMax(int value) {
    publishBytesMax = value;
    return this;
  }

  /**
   * How many events of a {@link PublishStream} may await their acknowledgement; who sends beyond it
   * waits. 1000 unless set.
   *
   * @param value 1 or more
   * @return this
   */
  public ReactorClientBuilder publishEventsMax(int value) {
    publishEventsMax = value;
    return this;
  }

  /**
   * How often a {@link PositionStore} is written to, at most: what was handled since may come again
   * after a crash. 1 s unless set.
   *
   * @param value zero or more; zero: after each event
   * @return this
   */
  public ReactorClientBuilder positionSaveInterval(Duration value) {
    positionSaveInterval = requireNonNull(value, "positionSaveInterval");
    return this;
  }

  /**
   * The largest message accepted from the hub: a batch of events or a page of history. 64 MiB
   * unless set.
   *
   * @param value 1 or more
   * @return this
   */
  public ReactorClientBuilder messageBytesMax(int value) {
    messageBytesMax = value;
    return this;
  }

  /**
   * The waits between attempts. {@link Backoff#DEFAULT} unless set.
   *
   * @param value the waits
   * @return this
   */
  public ReactorClientBuilder backoff(Backoff value) {
    backoff = requireNonNull(value, "backoff");
    return this;
  }

  /**
   * Makes the client. It connects when it is first used.
   *
   * @return the client
   * @throws IllegalArgumentException if a setting is out of its bounds, an endpoint is named twice,
   *     a file of {@link #tls} cannot be read, or {@link #credentials} would travel readable
   */
  public ReactorClient build() {
    return build(new SystemTiming());
  }

  ReactorClient build(Timing timing) {
    ClientSettings settings =
        new ClientSettings(
            callTimeout,
            publishTimeout,
            silenceMax,
            publishBytesMax,
            publishEventsMax,
            messageBytesMax,
            positionSaveInterval,
            backoff);
    Endpoints where = new Endpoints(endpoints, tls, tokens, connectionListener);
    return new ReactorClient(new HubConnection(where, settings, timing), threads);
  }
}
