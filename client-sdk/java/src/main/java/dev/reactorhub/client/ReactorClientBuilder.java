package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/** Collects the settings of a client; each has a default. For one thread. */
public final class ReactorClientBuilder {
  private final String endpoint;
  private Duration callTimeout = ClientSettings.DEFAULT.callTimeout();
  private Duration publishTimeout = ClientSettings.DEFAULT.publishTimeout();
  private Duration silenceMax = ClientSettings.DEFAULT.silenceMax();
  private int publishBytesMax = ClientSettings.DEFAULT.publishBytesMax();
  private int messageBytesMax = ClientSettings.DEFAULT.messageBytesMax();
  private Backoff backoff = ClientSettings.DEFAULT.backoff();

  ReactorClientBuilder(String endpoint) {
    this.endpoint = requireEndpoint(endpoint);
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
   * How many bytes of events may await their acknowledgement; who publishes beyond it waits. 16 MiB
   * unless set.
   *
   * @param value 1 or more
   * @return this
   */
  public ReactorClientBuilder publishBytesMax(int value) {
    publishBytesMax = value;
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
   * @throws IllegalArgumentException if a setting is out of its bounds
   */
  public ReactorClient build() {
    return build(new SystemTiming());
  }

  ReactorClient build(Timing timing) {
    ClientSettings settings =
        new ClientSettings(
            callTimeout, publishTimeout, silenceMax, publishBytesMax, messageBytesMax, backoff);
    return new ReactorClient(new HubConnection(endpoint, settings, timing));
  }

  private static String requireEndpoint(String endpoint) {
    try {
      URI uri = new URI("hub://" + endpoint).parseServerAuthority();
      if (uri.getHost() != null
          && uri.getPort() > 0
          && uri.getUserInfo() == null
          && endpoint.equals(uri.getRawAuthority())) {
        return endpoint;
      }
    } catch (URISyntaxException e) {
      throw notAnEndpoint(endpoint, e);
    }
    throw notAnEndpoint(endpoint, null);
  }

  private static IllegalArgumentException notAnEndpoint(
      String endpoint, @org.jspecify.annotations.Nullable Exception cause) {
    return new IllegalArgumentException(
        "endpoint is \"" + endpoint + "\": must be host:port, for example 127.0.0.1:9090", cause);
  }
}
