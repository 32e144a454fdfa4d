package dev.reactorhub.hub;

/** Why events between two positions cannot be delivered. */
public enum GapReason {
  /** Retention has removed them. */
  POSITION_EXPIRED,
  /** The position is of another life of the log. */
  EPOCH_UNKNOWN
}
