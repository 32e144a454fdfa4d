package dev.reactorhub.log.engine;

import dev.reactorhub.log.AppendResult.Reason;

/** Something to store, on its way through the queue. */
sealed interface Pending permits PendingAppend, PendingCursors {
  /** About how many bytes it takes. */
  long bytes();

  /** Answers that it was not stored. */
  void refuse(Reason reason);
}
