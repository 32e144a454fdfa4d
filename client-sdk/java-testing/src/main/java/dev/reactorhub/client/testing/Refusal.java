package dev.reactorhub.client.testing;

import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How a {@link FakeHub} refuses a call: a code of the hub's error table, and what comes with it.
 *
 * @param code the code, for example {@code rate_limited}
 * @param status the gRPC status, in upper case, for example {@code RESOURCE_EXHAUSTED}
 * @param message what it says for people
 * @param retryAfter when the hub says to try again, if it does
 */
public record Refusal(String code, String status, String message, Optional<Duration> retryAfter) {
  private static final Map<String, String> STATUSES =
      Map.ofEntries(
          entry("malformed_json", "INVALID_ARGUMENT"),
          entry("invalid_request", "INVALID_ARGUMENT"),
          entry("invalid_name", "INVALID_ARGUMENT"),
          entry("invalid_event", "INVALID_ARGUMENT"),
          entry("invalid_position", "INVALID_ARGUMENT"),
          entry("invalid_limit", "INVALID_ARGUMENT"),
          entry("payload_too_large", "INVALID_ARGUMENT"),
          entry("too_many_channels", "INVALID_ARGUMENT"),
          entry("too_many_types", "INVALID_ARGUMENT"),
          entry("position_in_future", "OUT_OF_RANGE"),
          entry("position_expired", "OUT_OF_RANGE"),
          entry("epoch_unknown", "OUT_OF_RANGE"),
          entry("rate_limited", "RESOURCE_EXHAUSTED"),
          entry("too_many_sessions", "RESOURCE_EXHAUSTED"),
          entry("no_progress", "RESOURCE_EXHAUSTED"),
          entry("disk_full", "RESOURCE_EXHAUSTED"),
          entry("unauthenticated", "UNAUTHENTICATED"),
          entry("log_unavailable", "UNAVAILABLE"),
          entry("going_away", "UNAVAILABLE"),
          entry("internal", "INTERNAL"));

  /** Checks that nothing is missing; whether there is such a status shows when it is used. */
  public Refusal {
    requireNonNull(code, "code");
    requireNonNull(status, "status");
    requireNonNull(message, "message");
    requireNonNull(retryAfter, "retryAfter");
  }

  /**
   * A refusal as the hub makes it.
   *
   * @param code a code of the hub's error table that has one status
   * @return the refusal, without advice when to try again
   * @throws IllegalArgumentException if the fake hub does not know the code: use the constructor
   */
  public static Refusal of(String code) {
    String status = STATUSES.get(code);
    if (status == null) {
      throw new IllegalArgumentException(
          "code is " + code + ": must be one of " + new TreeSet<>(STATUSES.keySet()));
    }
    return new Refusal(code, status, "the fake hub was told to refuse", Optional.empty());
  }

  /**
   * The same, with advice when to try again.
   *
   * @param delay how long to wait
   * @return the changed refusal
   */
  public Refusal retryAfter(Duration delay) {
    return new Refusal(code, status, message, Optional.of(delay));
  }
}
