package dev.reactorhub.log;

/**
 * How much one read may return and look at.
 *
 * @param eventsMax 1 or more
 * @param bytesMax 1 or more; the first matching record is returned even when it is larger
 */
public record ReadLimit(int eventsMax, long bytesMax) {
  /** Validates the bounds. */
  public ReadLimit {
    if (eventsMax < 1 || bytesMax < 1) {
      throw new IllegalArgumentException(
          "read limit is " + eventsMax + " events, " + bytesMax + " bytes: must be 1 or more");
    }
  }
}
