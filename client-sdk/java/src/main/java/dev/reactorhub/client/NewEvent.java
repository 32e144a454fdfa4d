package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * An event to publish. {@code NewEvent.of("news_processed", "{\"n\":1}")} is enough; the builder
 * sets the rest.
 *
 * @param type the Reactor event name: 1 to 128 characters of {@code A-Z a-z 0-9 _ - . :}
 * @param dataJson any JSON value as text (RFC 8259); the hub checks it
 * @param channel dot-separated tokens of {@code A-Z a-z 0-9 _ - :}, at most 256 characters
 * @param source who emits it: 1 to 128 characters, no control characters
 * @param id the key of idempotent publishing: the same id again within the hub's dedup window is
 *     stored once. 1 to 128 characters, no control characters. When empty the client makes one for
 *     each call of publish
 * @param timestamp when it happened; when empty the hub's clock says
 * @param traceparent W3C trace context, if there is one
 */
public record NewEvent(
    String type,
    String dataJson,
    String channel,
    String source,
    Optional<String> id,
    Optional<Instant> timestamp,
    Optional<String> traceparent) {

  /** The channel of events whose publisher names none. */
  public static final String DEFAULT_CHANNEL = "default";

  /** The source of events whose publisher names nobody. */
  public static final String DEFAULT_SOURCE = "system";

  /** Checks the names by the hub's rules. */
  public NewEvent {
    Names.type(type);
    requireNonNull(dataJson, "dataJson");
    Names.channel(channel);
    Names.text("source", source);
    id.ifPresent(value -> Names.text("id", value));
    requireNonNull(timestamp, "timestamp");
    traceparent.ifPresent(value -> Names.text("traceparent", value));
  }

  /**
   * An event of the default channel and source.
   *
   * @param type the Reactor event name
   * @param dataJson any JSON value as text
   * @return the event
   * @throws IllegalArgumentException if the type is not a valid name
   */
  public static NewEvent of(String type, String dataJson) {
    return builder(type).dataJson(dataJson).build();
  }

  /**
   * Begins an event with data {@code {}}, of the default channel and source.
   *
   * @param type the Reactor event name
   * @return a builder
   */
  public static Builder builder(String type) {
    return new Builder(type);
  }

  /** Collects the parts of an event. For one thread. */
  public static final class Builder {
    private final String type;
    private String dataJson = "{}";
    private String channel = DEFAULT_CHANNEL;
    private String source = DEFAULT_SOURCE;
    private Optional<String> id = Optional.empty();
    private Optional<Instant> timestamp = Optional.empty();
    private Optional<String> traceparent = Optional.empty();

    private Builder(String type) {
      this.type = requireNonNull(type, "type");
    }

    /**
     * Sets the data.
     *
     * @param value any JSON value as text
     * @return this
     */
    public Builder dataJson(String value) {
      dataJson = value;
      return this;
    }

    /**
     * Sets the channel.
     *
     * @param value dot-separated tokens
     * @return this
     */
    public Builder channel(String value) {
      channel = value;
      return this;
    }

    /**
     * Sets who emits the event.
     *
     * @param value 1 to 128 characters
     * @return this
     */
    public Builder source(String value) {
      source = value;
      return this;
    }

    /**
     * Sets the publisher's own id, the key of idempotent publishing.
     *
     * @param value 1 to 128 characters
     * @return this
     */
    public Builder id(String value) {
      id = Optional.of(value);
      return this;
    }

    /**
     * Sets when the event happened.
     *
     * @param value the time
     * @return this
     */
    public Builder timestamp(Instant value) {
      timestamp = Optional.of(value);
      return this;
    }

    /**
     * Sets the W3C trace context.
     *
     * @param value a {@code traceparent} header value
     * @return this
     */
    public Builder traceparent(String value) {
      traceparent = Optional.of(value);
      return this;
    }

    /**
     * Makes the event.
     *
     * @return the event
     * @throws IllegalArgumentException if a name breaks the hub's rules
     */
    public NewEvent build() {
      return new NewEvent(type, dataJson, channel, source, id, timestamp, traceparent);
    }
  }
}
