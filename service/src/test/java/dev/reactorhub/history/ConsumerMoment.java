package dev.reactorhub.history;

import dev.reactorhub.event.Position;
import java.util.List;

/**
 * One thing that a client of a consumer did or was told.
 *
 * @param nanos when it was written down, by a monotonic clock
 * @param stream whose; 0 when it concerns all of them
 */
record ConsumerMoment(long nanos, int stream, What what) {
  /** What a client does is written down before it is sent, what it is told after it came. */
  sealed interface What {
    record Opening() implements What {}

    /**
     * The stream is open.
     *
     * @param isMade the consumer did not exist
     */
    record Opened(Position cursor, boolean isMade) implements What {}

    record Delivered(Position position, Content content, int attempt) implements What {}

    /**
     * Events are acknowledged.
     *
     * @param singly named
     * @param through covered by a position, as far as they are still with the stream
     */
    record Acknowledging(List<Position> singly, List<Position> through, long ref) implements What {}

    /** Durable up to this number, and everything that matches up to the cursor is dealt with. */
    record Confirmed(long ref, Position cursor) implements What {}

    /** Everything that matches up to here is dealt with. */
    record Told(Position cursor) implements What {}

    record Rejecting(List<Position> positions) implements What {}

    record Gap(Position from, Position to) implements What {}

    /** The client ends the stream in order, and goes on listening. */
    record Releasing() implements What {}

    /** The client breaks the stream off, or it is over. */
    record Leaving() implements What {}

    /** The hub ended the stream while it went on itself. */
    record Refused() implements What {}

    /** What comes from here on is of another process. */
    record Moved() implements What {}
  }
}
