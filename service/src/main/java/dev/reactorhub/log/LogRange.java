package dev.reactorhub.log;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Position;

/**
 * What the log holds at one moment.
 *
 * @param epoch the log's epoch
 * @param earliest the seq before the oldest record kept: reading after it yields everything; equal
 *     to {@code head} when the log is empty
 * @param head the seq of the newest record that is durable; 0 when nothing was ever stored
 */
public record LogRange(Epoch epoch, long earliest, long head) {
  /** The newest position. */
  public Position headPosition() {
    return new Position(epoch, head);
  }

  /** The position after which everything kept can be read. */
  public Position earliestPosition() {
    return new Position(epoch, earliest);
  }
}
