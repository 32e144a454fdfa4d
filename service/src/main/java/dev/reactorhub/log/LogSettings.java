package dev.reactorhub.log;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What every engine obeys.
 *
 * @param durability when an append counts as stored
 * @param retentionAge records older than this are removed; zero: kept whatever their age
 * @param retentionBytes the oldest records are removed while the rest is larger; 0: no bound
 * @param retentionEvents the oldest records are removed while there are more; 0: no bound
 * @param channelRetention rules that remove the events of some channels earlier; the first that
 *     matches a channel holds for it
 * @param dedupWindow how long an id is remembered
 * @param dedupIdsMax at most this many ids are remembered, the newest; 1 or more
 * @param pendingBytesMax appends block while more than this waits to be written
 */
public record LogSettings(
    Durability durability,
    Duration retentionAge,
    long retentionBytes,
    long retentionEvents,
    List<ChannelRetentionSettings> channelRetention,
    Duration dedupWindow,
    int dedupIdsMax,
    long pendingBytesMax) {
  /** A week, 4 GiB, any number of events; ids of an hour, a million at most; 64 MiB pending. */
  public static final LogSettings DEFAULTS =
      new LogSettings(
          Durability.FSYNC,
          Duration.ofDays(7),
          4L << 30,
          0,
          Duration.ofHours(1),
          1_000_000,
          64L << 20);

  /** Without rules for channels. */
  public LogSettings(
      Durability durability,
      Duration retentionAge,
      long retentionBytes,
      long retentionEvents,
      Duration dedupWindow,
      int dedupIdsMax,
      long pendingBytesMax) {
    this(
        durability,
        retentionAge,
        retentionBytes,
        retentionEvents,
        List.of(),
        dedupWindow,
        dedupIdsMax,
        pendingBytesMax);
  }

  /** These settings with rules for channels. */
  public LogSettings withChannelRetention(List<ChannelRetentionSettings> rules) {
    return new LogSettings(
        durability,
        retentionAge,
        retentionBytes,
        retentionEvents,
        rules,
        dedupWindow,
        dedupIdsMax,
        pendingBytesMax);
  }

  /** Copies the list and validates the bounds. */
  public LogSettings {
    channelRetention = List.copyOf(channelRetention);
    if (retentionAge.isNegative() || retentionBytes < 0 || retentionEvents < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "retention is %s, %d bytes, %d events: none may be negative",
              retentionAge,
              retentionBytes,
              retentionEvents));
    }
    if (dedupWindow.isNegative() || dedupIdsMax < 1 || pendingBytesMax < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "dedup window is %s of %d ids, pending %d bytes: the window may not be negative, the"
                  + " bounds must be 1 or more",
              dedupWindow,
              dedupIdsMax,
              pendingBytesMax));
    }
  }

  /** When an append counts as stored. */
  public enum Durability {
    /** Synced to the disk: survives a power failure. */
    FSYNC,
    /** Handed to the operating system: survives the process, not a power failure. */
    OS,
    /** Kept by the process: survives nothing. */
    MEMORY
  }
}
