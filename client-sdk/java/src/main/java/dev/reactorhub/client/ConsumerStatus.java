package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * How a durable consumer stands.
 *
 * @param name its name
 * @param filter which events it wants
 * @param isExclusive whether one client at a time is given events
 * @param attemptsMax how often an event may fail
 * @param deadLetterChannel where events go that have failed too often
 * @param createdAt when it was made, by the hub's clock
 * @param position every event that it wants up to here is acknowledged
 * @param lag events after it that are to be dealt with; of those that the hub has not read yet each
 *     counts, whether it is wanted or not
 * @param outstanding events that clients have and have not dealt with
 * @param retrying events that failed and wait to be given out again
 * @param acknowledged events dealt with since it was made
 * @param redelivered deliveries that failed and were, or will be, made again, since it was made
 * @param parked events put on the dead letter channel since it was made
 * @param acknowledgedAt when a client last acknowledged anything; empty: never
 * @param clients how many clients work for it, those that stand by included
 */
public record ConsumerStatus(
    String name,
    Filter filter,
    boolean isExclusive,
    int attemptsMax,
    String deadLetterChannel,
    Instant createdAt,
    String position,
    long lag,
    int outstanding,
    int retrying,
    long acknowledged,
    long redelivered,
    long parked,
    Optional<Instant> acknowledgedAt,
    int clients) {
  /** Checks that nothing is missing. */
  public ConsumerStatus {
    requireNonNull(name, "name");
    requireNonNull(filter, "filter");
    requireNonNull(deadLetterChannel, "deadLetterChannel");
    requireNonNull(createdAt, "createdAt");
    requireNonNull(position, "position");
    requireNonNull(acknowledgedAt, "acknowledgedAt");
  }
}
