package dev.reactorhub.hub;

/** Why events between two positions cannot be delivered. */
public enum GapReason {
  /** Retention has removed them. */
  POSITION_EXPIRED,
  /** A rule for their channels has removed some of them; the others follow. */
  CHANNEL_RETENTION,
  /** The position is of another life of the log. */
  EPOCH_UNKNOWN
}
