package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * A durable consumer, and how this client works for it. The hub makes the consumer when it does not
 * exist; when it does, what is said of it here must be what it was made with.
 *
 * <p>Immutable; any thread.
 */
public final class ConsumerSpec {
  private static final Backoff REJECT_DELAY =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private final String name;
  private final Filter filter;
  private final StartAt start;
  private final boolean isExclusive;
  private final int attemptsMax;
  private final String deadLetterChannel;
  private final int concurrency;
  private final int outstandingMax;
  private final long outstandingBytesMax;
  private final Optional<Duration> ackDeadline;
  private final Duration handlingTimeMax;
  private final Backoff rejectDelay;

  private ConsumerSpec(Builder builder) {
    this.name = builder.name;
    this.filter = builder.filter;
    this.start = builder.start;
    this.isExclusive = builder.isExclusive;
    this.attemptsMax = builder.attemptsMax;
    this.deadLetterChannel = builder.deadLetterChannel;
    this.concurrency = builder.concurrency;
    this.outstandingMax = builder.outstandingMax;
    this.outstandingBytesMax = builder.outstandingBytesMax;
    this.ackDeadline = builder.ackDeadline;
    this.handlingTimeMax = builder.handlingTimeMax;
    this.rejectDelay = builder.rejectDelay;
  }

  /**
   * Begins a consumer of the default channel that starts with what comes from now on, shares its
   * work with other clients, and has one handler at work.
   *
   * @param name dot-separated tokens of {@code A-Z a-z 0-9 _ - :}, at most 64 characters in all
   * @return a builder
   * @throws IllegalArgumentException if it is not a valid name
   */
  public static Builder named(String name) {
    return new Builder(Names.consumer(name));
  }

  /**
   * The consumer's name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  Filter filter() {
    return filter;
  }

  StartAt start() {
    return start;
  }

  boolean isExclusive() {
    return isExclusive;
  }

  int attemptsMax() {
    return attemptsMax;
  }

  String deadLetterChannel() {
    return deadLetterChannel;
  }

  int concurrency() {
    return concurrency;
  }

  int outstandingMax() {
    return outstandingMax;
  }

  long outstandingBytesMax() {
    return outstandingBytesMax;
  }

  Optional<Duration> ackDeadline() {
    return ackDeadline;
  }

  Duration handlingTimeMax() {
    return handlingTimeMax;
  }

  Backoff rejectDelay() {
    return rejectDelay;
  }

  /** Collects the parts of a consumer; each but the name has a default. For one thread. */
  public static final class Builder {
    private final String name;
    private Filter filter = Filter.defaultChannel();
    private StartAt start = StartAt.latest();
    private boolean isExclusive;
    private int attemptsMax;
    private String deadLetterChannel = "";
    private int concurrency = 1;
    private int outstandingMax = 256;
    private long outstandingBytesMax = 16 << 20;
    private Optional<Duration> ackDeadline = Optional.empty();
    private Duration handlingTimeMax = Duration.ofHours(1);
    private Backoff rejectDelay = REJECT_DELAY;

    private Builder(String name) {
      this.name = name;
    }

    /**
     * Which events it wants. Those of the default channel unless set.
     *
     * @param value the filter
     * @return this
     */
    public Builder filter(Filter value) {
      filter = requireNonNull(value, "filter");
      return this;
    }

    /**
     * Where it begins when it is made now; passed over when it exists. {@link StartAt#latest()}
     * unless set.
     *
     * @param value where in the log; not a {@link StartAt.Stored}: the hub keeps the position
     * @return this
     */
    public Builder startAt(StartAt value) {
      if (value instanceof StartAt.Stored) {
        throw new IllegalArgumentException("start is a store: the hub keeps a consumer's position");
      }
      start = requireNonNull(value, "start");
      return this;
    }

    /**
     * One client at a time is given events, in the order of the log over all channels; the others
     * stand by. Unless set all clients share the events, and order is kept within each channel.
     *
     * @return this
     */
    public Builder exclusive() {
      isExclusive = true;
      return this;
    }

    /**
     * How often an event may fail; with the last time it goes to the dead letter channel. As the
     * hub is configured (5) unless set.
     *
     * @param value 1 or more; the hub has a limit
     * @return this
     */
    public Builder attemptsMax(int value) {
      attemptsMax = requirePositive("attemptsMax", value);
      return this;
    }

    /**
     * Where events go that have failed too often. {@code dead-letter.} and the consumer's name
     * unless set.
     *
     * @param value a channel
     * @return this
     */
    public Builder deadLetterChannel(String value) {
      deadLetterChannel = Names.channel(value);
      return this;
    }

    /**
     * How many handlers of this client may be at work at a time, each on a channel of its own. 1
     * unless set. An {@link #exclusive} consumer has one whatever is set.
     *
     * @param value 1 or more
     * @return this
     */
    public Builder concurrency(int value) {
      concurrency = requirePositive("concurrency", value);
      return this;
    }

    /**
     * How many events the hub may hand to this client before it has dealt with them. 256 unless
     * set.
     *
     * @param value 1 or more; the hub has a limit
     * @return this
     */
    public Builder outstandingMax(int value) {
      outstandingMax = requirePositive("outstandingMax", value);
      return this;
    }

    /**
     * How many bytes of events the hub may hand to this client before it has dealt with them; a
     * larger event comes alone. 16 MiB unless set.
     *
     * @param value 1 or more; the hub has a limit
     * @return this
     */
    public Builder outstandingBytesMax(long value) {
      if (value < 1) {
        throw new IllegalArgumentException(
            "outstandingBytesMax is " + value + ": must be at least 1");
      }
      outstandingBytesMax = value;
      return this;
    }

    /**
     * How soon the hub gives an event to another client when it hears nothing more of this one. The
     * client asks for more time by itself while a handler is at work. As the hub is configured (30
     * s) unless set.
     *
     * @param value more than zero; the hub has bounds, 1 s to 1 h unless set otherwise
     * @return this
     */
    public Builder ackDeadline(Duration value) {
      ackDeadline = Optional.of(requirePositive("ackDeadline", value));
      return this;
    }

    /**
     * How long a handler may be at work on one event. Beyond it the client asks for no more time,
     * and the hub gives the event out again; the handler is not interrupted. 1 h unless set.
     *
     * @param value more than zero
     * @return this
     */
    public Builder handlingTimeMax(Duration value) {
      handlingTimeMax = requirePositive("handlingTimeMax", value);
      return this;
    }

    /**
     * How long to wait before an event that a handler failed on comes again, growing with its
     * attempts. From 1 s to 60 s unless set.
     *
     * @param value the waits; the hub has a limit, as for {@link RejectedEventException}
     * @return this
     */
    public Builder rejectDelay(Backoff value) {
      rejectDelay = requireNonNull(value, "rejectDelay");
      return this;
    }

    /**
     * Makes the value.
     *
     * @return the consumer
     */
    public ConsumerSpec build() {
      return new ConsumerSpec(this);
    }

    private static int requirePositive(String what, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(what + " is " + value + ": must be at least 1");
      }
      return value;
    }

    private static Duration requirePositive(String what, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(what + " is " + value + ": must be more than zero");
      }
      return value;
    }
  }
}
