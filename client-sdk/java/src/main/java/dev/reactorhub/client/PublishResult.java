package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

/**
 * Where an event was stored. The hub answers once it is as durable as configured.
 *
 * @param id the event's id
 * @param seq its place in the log, 1 or more
 * @param position its resume token
 * @param duplicate true when an event with this id was stored before, within the hub's dedup
 *     window; {@code seq} and {@code position} are the first one's. A retry of the client itself
 *     can be the cause
 */
public record PublishResult(String id, long seq, String position, boolean duplicate) {
  /** Checks that the event has a place in the log. */
  public PublishResult {
    requireNonNull(id, "id");
    if (seq < 1) {
      throw new IllegalArgumentException("seq is " + seq + ": must be at least 1");
    }
    Names.position(position);
  }
}
