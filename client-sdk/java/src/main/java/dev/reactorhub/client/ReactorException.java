package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call to the hub that did not succeed. The kind says what can be done about it, {@link #code()}
 * what it was.
 */
public abstract sealed class ReactorException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The code of a call on which nothing came for too long. */
  static final String SILENT = "silent";

  private final String code;
  private final @Nullable Duration retryAfter;

  private ReactorException(Reason reason, @Nullable Throwable cause) {
    super(reason.code() + ": " + reason.message(), cause);
    this.code = reason.code();
    this.retryAfter = reason.retryAfter();
  }

  /**
   * What went wrong, for a program: a code of the hub's error table, for example {@code
   * invalid_name}. When it was not the hub that answered, the gRPC status in lower case, for
   * example {@code unavailable}.
   *
   * @return the code
   */
  public String code() {
    return code;
  }

  /**
   * When the hub says to try again.
   *
   * @return how long to wait, if it said
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Whether the same request can never succeed, so that a subscription ends. */
  boolean isPermanent() {
    return this instanceof Refused || this instanceof NotAllowed || this instanceof PositionLost;
  }

  /**
   * Whether the same event may be stored if it is sent again. A limit is worth another attempt only
   * if the hub says when: the event may be too large, for example.
   */
  boolean isWorthARetry() {
    return this instanceof Unavailable || (this instanceof Limited && retryAfter != null);
  }

  /** Whether nothing came back at all, not even that the connection is lost. */
  boolean isSilence() {
    return code.equals(SILENT) || code.equals("deadline_exceeded");
  }

  /** What a failure says. */
  record Reason(String code, String message, @Nullable Duration retryAfter) {
    Reason {
      requireNonNull(code, "code");
      requireNonNull(message, "message");
    }

    Reason(String code, String message) {
      this(code, message, null);
    }
  }

  /** The hub does not accept the request as it is: the same again will be refused again. */
  public static final class Refused extends ReactorException {
    private static final long serialVersionUID = 1;

    Refused(Reason reason, @Nullable Throwable cause) {
      super(reason, cause);
    }
  }

  /** The hub does not know the caller, or does not let it do this. */
  public static final class NotAllowed extends ReactorException {
    private static final long serialVersionUID = 1;

    NotAllowed(Reason reason, @Nullable Throwable cause) {
      super(reason, cause);
    }
  }

  /** A limit of the hub or of this client was reached; the code says which. */
  public static final class Limited extends ReactorException {
    private static final long serialVersionUID = 1;

    Limited(Reason reason, @Nullable Throwable cause) {
      super(reason, cause);
    }
  }

  /**
   * The hub could not be reached in time. Whether an event was stored is not known: publish it
   * again with the same id to be sure.
   */
  public static final class Unavailable extends ReactorException {
    private static final long serialVersionUID = 1;

    Unavailable(Reason reason, @Nullable Throwable cause) {
      super(reason, cause);
    }
  }

  /** The hub has a fault of its own. Whether an event was stored is not known. */
  public static final class HubFailure extends ReactorException {
    private static final long serialVersionUID = 1;

    HubFailure(Reason reason, @Nullable Throwable cause) {
      super(reason, cause);
    }
  }

  /**
   * A {@link PositionStore} could not tell where a subscription goes on. It has ended; subscribe
   * again with a start of your choice, or when the store works again.
   */
  public static final class PositionLost extends ReactorException {
    private static final long serialVersionUID = 1;

    PositionLost(Reason reason, Throwable cause) {
      super(reason, cause);
    }
  }

  /** The client or the subscription was closed. Whether an event was stored is not known. */
  public static final class Closed extends ReactorException {
    private static final long serialVersionUID = 1;

    Closed(String what) {
      super(new Reason("closed", what + " is closed"), null);
    }
  }

  /**
   * The calling thread was interrupted; its interrupt flag is set. Whether an event was stored is
   * not known.
   */
  public static final class Interrupted extends ReactorException {
    private static final long serialVersionUID = 1;

    Interrupted(Throwable cause) {
      super(new Reason("interrupted", "the calling thread was interrupted"), cause);
    }
  }
}
