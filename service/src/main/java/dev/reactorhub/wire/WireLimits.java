package dev.reactorhub.wire;

import java.util.Locale;

/**
 * The bounds on what one client may send, the same on every face.
 *
 * @param dataBytesMax an event's data
 * @param batchEventsMax events in one publish request
 * @param channelsMax channels and patterns of one session
 * @param typesMax types named by one session
 * @param historyEventsMax events of one page of history
 */
public record WireLimits(
    int dataBytesMax, int batchEventsMax, int channelsMax, int typesMax, int historyEventsMax) {
  /** 1 MiB, 1,000 events, 128 channels, 128 types, pages of 1,000. */
  public static final WireLimits DEFAULTS = new WireLimits(1 << 20, 1000, 128, 128, 1000);

  /** What an event may take around its data, in bytes: names, ids, punctuation. */
  public static final int ENVELOPE_BYTES = 64 << 10;

  /** Validates the bounds. */
  public WireLimits {
    if (dataBytesMax < 2
        || batchEventsMax < 1
        || channelsMax < 1
        || typesMax < 1
        || historyEventsMax < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "limits are data %d bytes, %d events, %d channels, %d types, %d a page: must be 1 or"
                  + " more",
              dataBytesMax,
              batchEventsMax,
              channelsMax,
              typesMax,
              historyEventsMax));
    }
  }

  /** The largest message that may hold one event, in bytes. */
  public int messageBytesMax() {
    return dataBytesMax + ENVELOPE_BYTES;
  }

  /** The largest body of a request that publishes, in bytes. */
  public int bodyBytesMax() {
    return 8 * messageBytesMax();
  }
}
