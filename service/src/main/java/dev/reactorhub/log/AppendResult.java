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
   * Not stored: nobody sees these events, and the same ones may be sent again. After {@link
   * Reason#LOG_FAILED} alone a restart may bring them to light, since a failed sync leaves open
   * what reached the disk: their ids then make the second sending a duplicate.
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
