package dev.reactorhub.consumer;

import dev.reactorhub.event.ConsumerName;
import dev.reactorhub.event.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a consumer stands at one moment.
 *
 * @param position every matching event up to here is dealt with
 * @param lag events beyond it that are not; those not read yet count whether they match or not
 * @param outstanding events that clients have
 * @param retrying events that failed and wait
 * @param counts what happened since the consumer was made
 * @param clients in the order in which they may become active
 */
public record ConsumerInfo(
    ConsumerName name,
    Definition definition,
    Instant createdAt,
    Position position,
    long lag,
    int outstanding,
    int retrying,
    Counts counts,
    List<Client> clients) {
  /** Copies the list. */
  public ConsumerInfo {
    clients = List.copyOf(clients);
  }

  /**
   * What happened since the consumer was made.
   *
   * @param acknowledged events that clients acknowledged
   * @param redelivered deliveries that failed and are followed by another
   * @param parked events among the dead letters
   * @param acknowledgedAt when a client last acknowledged
   */
  public record Counts(
      long acknowledged, long redelivered, long parked, Optional<Instant> acknowledgedAt) {}

  /**
   * One client.
   *
   * @param isActive whether it is given events
   * @param eventsMax its credit
   * @param bytesMax its credit
   * @param outstanding events that it has
   * @param outstandingBytes their bytes
   */
  public record Client(
      String address,
      Instant openedAt,
      boolean isActive,
      int eventsMax,
      long bytesMax,
      int outstanding,
      long outstandingBytes) {}
}
