package dev.reactorhub.log;

import java.util.List;

/** What became of an append: all of it was stored, or none of it. */
public sealed interface AppendResult {
  /**
   * Stored and durable as configured.
   *
   * @param events one per event, in the order given
   */
  record Stored(List<Appended> events) implements AppendResult {
    /** Copies the list. */
    public Stored {
      events = List.copyOf(events);
    }
  }

  /**
   * Not stored, and never will be; the log is unharmed and the same events may be sent again.
   *
   * @param reason what stands in the way
   */
  record Refused(Reason reason) implements AppendResult {}

  /** Why nothing was stored. */
  enum Reason {
    /** The disk is full. Reading goes on; appending works again once there is space. */
    DISK_FULL,
    /** The log failed (for example an fsync error) and takes nothing until the process restarts. */
    LOG_FAILED,
    /** The log is closed or closing. */
    LOG_CLOSED
  }
}
