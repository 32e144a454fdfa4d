package dev.reactorhub.grpc;

import dev.reactorhub.wire.Problem;
import java.time.Duration;

/**
 * A call that stays open until somebody ends it. Whoever opens one adds it to its {@link
 * Connection}, and removes it when it is over.
 */
interface OpenStream {
  /**
   * Tells the client where to resume, if the call has such a place, and when; finishes what it
   * took; then ends the call. Any thread, more than once: the first counts. Must not block.
   *
   * @param why the client has to go
   * @param delay after which it is asked to come back
   */
  void goAway(Problem why, Duration delay);
}
