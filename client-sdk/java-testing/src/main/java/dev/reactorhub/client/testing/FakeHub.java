package dev.reactorhub.client.testing;

import static java.util.Objects.requireNonNull;

import dev.reactorhub.client.testing.internal.FakeHubCore;
import dev.reactorhub.v1.NewEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A hub within the test's own process. It serves the hub's gRPC API on a port of the loopback
 * address: stores what is published, delivers it to subscribers and durable consumers, and fails as
 * it is told to.
 *
 * <pre>{@code
 * try (FakeHub hub = FakeHub.start();
 *     ReactorClient client = ReactorClient.builder(hub.endpoint()).build()) {
 *   new Greeter(client).greet("Ada");
 *
 *   assertEquals("{\"name\":\"Ada\"}", hub.takePublished(Duration.ofSeconds(5)).dataJson());
 * }
 * }</pre>
 *
 * <p>Its log is in memory and begins empty. It knows no limits, checks neither names nor JSON, and
 * sends no heartbeats by itself. Its clock starts at 2026-01-01T00:00:00Z and shows one second more
 * with each event, so that what it stores is the same in every run. Consumers keep the order and
 * count the attempts as the hub does; but what is rejected comes again at once, and deadlines pass
 * when {@link #expireDeadlines} says so.
 *
 * <p>Any thread may use it.
 */
public final class FakeHub implements AutoCloseable {
  private final FakeHubCore core;

  private FakeHub(Builder builder) {
    Path chain = builder.chain;
    Path key = builder.key;
    core =
        new FakeHubCore(
            builder.port,
            chain == null || key == null
                ? null
                : FakeHubCore.tls(chain, key, builder.clientAuthorities));
  }

  /**
   * Starts a hub on a free port, plaintext.
   *
   * @return the hub; close it
   */
  public static FakeHub start() {
    return builder().start();
  }

  /**
   * Begins a hub with settings of its own.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the settings of a hub. For one thread. */
  public static final class Builder {
    private int port;
    private @Nullable Path chain;
    private @Nullable Path key;
    private @Nullable Path clientAuthorities;

    private Builder() {}

    /**
     * The port to listen on. A free one unless set.
     *
     * @param value 1 to 65535; 0 for a free one
     * @return this
     */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /**
     * Serves TLS.
     *
     * @param certificates the hub's X.509 certificate and those that lead to its authority, PEM
     * @param privateKey its key, PKCS #8, PEM, not encrypted
     * @return this
     */
    public Builder tls(Path certificates, Path privateKey) {
      chain = requireNonNull(certificates, "certificates");
      key = requireNonNull(privateKey, "privateKey");
      return this;
    }

    /**
     * With {@link #tls}: takes only clients that show a certificate.
     *
     * @param authorities who must have signed it, PEM
     * @return this
     */
    public Builder requireClientCertificate(Path authorities) {
      clientAuthorities = requireNonNull(authorities, "authorities");
      return this;
    }

    /**
     * Starts the hub.
     *
     * @return the hub; close it
     * @throws java.io.UncheckedIOException if the port is taken, or a file cannot be read
     */
    public FakeHub start() {
      return new FakeHub(this);
    }
  }

  /**
   * Where it listens.
   *
   * @return the port
   */
  public int port() {
    return core.server().port();
  }

  /**
   * What a client is built with.
   *
   * @return the address and the port, as {@code 127.0.0.1:port}
   */
  public String endpoint() {
    return "127.0.0.1:" + port();
  }

  /**
   * Stores an event of the default channel, as if somebody had published it.
   *
   * @param type the Reactor event name
   * @param dataJson any JSON value as text
   * @return the event, with its place in the log
   */
  public StoredEvent publish(String type, String dataJson) {
    return publish("default", type, dataJson);
  }

  /**
   * Stores an event, as if somebody had published it.
   *
   * @param channel its channel
   * @param type the Reactor event name
   * @param dataJson any JSON value as text
   * @return the event, with its place in the log
   */
  public StoredEvent publish(String channel, String type, String dataJson) {
    return core.state()
        .publish(
            NewEvent.newBuilder().setChannel(channel).setType(type).setDataJson(dataJson).build());
  }

  /**
   * What the log holds.
   *
   * @return every event that is kept, in their order
   */
  public List<StoredEvent> events() {
    return core.state().kept();
  }

  /**
   * What clients have published, each time that they did: an event that came twice is here twice,
   * with the same place.
   *
   * @return the events, in the order in which they came
   */
  public List<StoredEvent> published() {
    return core.state().published();
  }

  /**
   * Waits for the next event that a client publishes, or takes one that was published and not taken
   * yet.
   *
   * @param timeout how long to wait
   * @return the event
   * @throws IllegalStateException if none came, or the thread was interrupted
   */
  public StoredEvent takePublished(Duration timeout) {
    try {
      StoredEvent taken = core.state().takePublished(timeout);
      if (taken == null) {
        throw new IllegalStateException("nothing was published within " + timeout);
      }
      return taken;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * How many subscriptions are open. Consumers are not counted.
   *
   * @return the number
   */
  public int subscriptions() {
    return core.state().subscriptions();
  }

  /**
   * Waits until so many subscriptions are open.
   *
   * @param count at least so many
   * @param timeout how long to wait
   * @throws IllegalStateException if there are fewer by then, or the thread was interrupted
   */
  public void awaitSubscriptions(int count, Duration timeout) {
    try {
      if (!core.state().awaitSubscriptions(count, timeout)) {
        throw new IllegalStateException("fewer than " + count + " subscriptions within " + timeout);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", cause);
  }

  /**
   * The newest position of the log.
   *
   * @return the position
   */
  public String head() {
    return core.state().head();
  }

  /**
   * Forgets old events, as retention does. Whoever resumes from before them, or has not been given
   * them yet, is told a gap.
   *
   * @param seq the newest event to forget; a larger one than the newest event forgets all
   */
  public void trim(long seq) {
    core.state().trim(seq);
  }

  /** Begins another log, without events, under another epoch. Subscribers are told a gap. */
  public void recreateLog() {
    core.state().recreate();
  }

  /**
   * Tells every open subscription a gap, whatever the log holds.
   *
   * @param from the position after which events are missing
   * @param to delivery goes on after this position
   * @param reason the hub's code, for example {@code position_expired}
   */
  public void tellGap(String from, String to, String reason) {
    core.state().tellGap(from, to, reason);
  }

  /** Sends every open subscription a sign of life with its position. */
  public void heartbeat() {
    core.state().heartbeat();
  }

  /**
   * Announces that the hub goes away, and ends the open subscriptions. Streams of consumers end
   * when their clients have dealt with what they have. Who connects again is served.
   *
   * @param reconnectAfter how long clients are to wait before they do
   */
  public void goAway(Duration reconnectAfter) {
    core.state().goAway(reconnectAfter);
  }

  /**
   * Refuses the next call of a kind. Instructions for one kind are followed one a call, in the
   * order in which they were given.
   *
   * @param call which kind
   * @param refusal what to answer
   */
  public void refuseNext(HubCall call, Refusal refusal) {
    core.refuseNext(requireNonNull(call, "call"), requireNonNull(refusal, "refusal"));
  }

  /**
   * Begins to serve the next call of a kind only after a while; see {@link #refuseNext} for the
   * order.
   *
   * @param call which kind
   * @param delay how long
   */
  public void delayNext(HubCall call, Duration delay) {
    core.delayNext(requireNonNull(call, "call"), requireNonNull(delay, "delay"));
  }

  /** Breaks every connection. Who connects again is served; the log is as it was. */
  public void dropConnections() {
    core.server().stop();
    core.server().restart();
  }

  /** Breaks every connection and takes no more, until {@link #resume}. */
  public void stop() {
    core.server().stop();
  }

  /** Listens again after {@link #stop}, on the same port, with the same log. */
  public void resume() {
    core.server().restart();
  }

  /**
   * Refuses calls without this bearer token, as {@code unauthenticated}, from now on.
   *
   * @param token the token
   */
  public void requireToken(String token) {
    core.requireToken(requireNonNull(token, "token"));
  }

  /**
   * The bearer tokens that calls came with.
   *
   * @return one for each call that had one, in the order in which they came
   */
  public List<String> tokens() {
    return core.tokens();
  }

  /**
   * What is known of a durable consumer.
   *
   * @param name its name
   * @return the consumer as it is now; empty if there is none
   */
  public Optional<ConsumerRecord> consumer(String name) {
    return core.state().record(name);
  }

  /**
   * Lets the deadlines of all events pass that a consumer's clients have: they are given out again.
   *
   * @param name the consumer
   */
  public void expireDeadlines(String name) {
    core.state().expireDeadlines(name);
  }

  /** Breaks every connection and frees the port. Again is harmless. */
  @Override
  public void close() {
    core.close();
  }
}
