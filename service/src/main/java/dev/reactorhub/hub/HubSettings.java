package dev.reactorhub.hub;

import java.util.Locale;

/**
 * The hub's bounds.
 *
 * @param windowEventsMax events kept encoded for live delivery; rounded down to a power of two
 * @param windowBytesMax bytes of those events
 * @param replayConcurrencyMax those behind that read at once, no more than there are processors
 */
public record HubSettings(int windowEventsMax, long windowBytesMax, int replayConcurrencyMax) {
  /** 65,536 events, 64 MiB, 8 reads. */
  public static final HubSettings DEFAULTS = new HubSettings(65_536, 64L << 20, 8);

  /** Validates the bounds. */
  public HubSettings {
    if (windowEventsMax < 2 || windowBytesMax < 1 || replayConcurrencyMax < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "window is %d events, %d bytes, replay concurrency %d: must be at least 2, 1 and 1",
              windowEventsMax,
              windowBytesMax,
              replayConcurrencyMax));
    }
  }
}
