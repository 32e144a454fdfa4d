package dev.reactorhub.hub;

import dev.reactorhub.event.Position;
import java.util.List;

/** What a subscriber is to be sent next. */
public sealed interface Next {
  /**
   * Events, in log order.
   *
   * @param events one or more
   * @param isAll nothing was left then: a {@link Cohort} is served again once there is more
   */
  record Events(List<EncodedEvent> events, boolean isAll) implements Next {}

  /**
   * A hole, to be announced before anything that follows.
   *
   * @param from the subscriber's position
   * @param to delivery goes on after this one
   * @param through the newest event that is missing: after {@code to} when only some are missing
   *     and others between the two follow
   */
  record Gap(Position from, Position to, Position through, GapReason reason) implements Next {
    /** A hole that nothing is left of. */
    Gap(Position from, Position to, GapReason reason) {
      this(from, to, to, reason);
    }
  }

  /**
   * The subscriber fell behind the live window and is served from the log from now on.
   *
   * @param position the newest delivered
   * @param head the newest of the log
   */
  record Lagging(Position position, Position head) implements Next {}

  /** Everything up to the position was delivered; what follows is live. */
  record CaughtUp(Position position) implements Next {}

  /** Nothing now: the wake-up runs once there is something. */
  record Nothing() implements Next {}
}
