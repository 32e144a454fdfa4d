package dev.reactorhub.wire;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The one table of errors, for all faces: each face maps it to its own kind of status in one
 * exhaustive switch. Documented in docs/protocol.md, compared with it by a test.
 */
public enum ErrorCode {
  /** The text is not the JSON value that is expected here. */
  MALFORMED_JSON,
  /** The bytes are not UTF-8. */
  MALFORMED_UTF8,
  /** The request is not of the expected form; the message says which part. */
  INVALID_REQUEST,
  /** A JSON command of an unknown type. */
  UNKNOWN_COMMAND,
  /** A channel, pattern, type, id or source breaks its rule. */
  INVALID_NAME,
  /** A field of an event is missing or wrong. */
  INVALID_EVENT,
  /** A text that is no position. */
  INVALID_POSITION,
  /** A position beyond the newest event of this log. */
  POSITION_IN_FUTURE,
  /** Retention has removed events after the position. */
  POSITION_EXPIRED,
  /** A position of another life of the log. */
  EPOCH_UNKNOWN,
  /** A limit or page size outside its bounds. */
  INVALID_LIMIT,
  /** A message, an event's data or a body larger than its limit. */
  PAYLOAD_TOO_LARGE,
  /** More events in one request than the limit. */
  BATCH_TOO_LARGE,
  /** More channels than one session may follow. */
  TOO_MANY_CHANNELS,
  /** More types than one session may name. */
  TOO_MANY_TYPES,
  /** Too many changes of a subscription to go back that far within one session. */
  REWIND_TOO_FAR,
  /** The publisher is faster than its limit. */
  RATE_LIMITED(1),
  /** No more sessions are accepted, in all or from this address. */
  TOO_MANY_SESSIONS(5),
  /** There is no consumer of this name, or it was deleted. */
  CONSUMER_NOT_FOUND,
  /** The consumer exists with another definition; the message says what differs. */
  CONSUMER_MISMATCH,
  /** The consumer's cursor was moved: open again. */
  CONSUMER_RESET(1),
  /** No more consumers are kept. */
  TOO_MANY_CONSUMERS,
  /** An acknowledgement of something that the stream was not told. */
  INVALID_ACK,
  /** The page's origin may not use this hub. */
  ORIGIN_NOT_ALLOWED,
  /** No such path. */
  NOT_FOUND,
  /** The path exists, the method is not for it. */
  METHOD_NOT_ALLOWED,
  /** A body in a format that is not understood. */
  UNSUPPORTED_MEDIA_TYPE,
  /** The client made no progress in reading for the configured time. */
  NO_PROGRESS(1),
  /** The disk is full; nothing was stored. */
  DISK_FULL(10),
  /** The log takes no events or cannot be read; a person must act. */
  LOG_UNAVAILABLE(10),
  /** The hub is shutting down, or a gRPC connection has reached its age. */
  GOING_AWAY(2),
  /** A fault of the hub; details are in its log. */
  INTERNAL;

  private final int retrySeconds;

  ErrorCode() {
    this(0);
  }

  ErrorCode(int retrySeconds) {
    this.retrySeconds = retrySeconds;
  }

  /** The code as clients see it, for example {@code malformed_json}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How long to wait before the same may succeed; empty when trying again would not help. */
  public Optional<Duration> retryDelay() {
    return retrySeconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(retrySeconds));
  }

  /** True when the same request may succeed a little later. */
  public boolean isPassing() {
    return retrySeconds > 0;
  }
}
