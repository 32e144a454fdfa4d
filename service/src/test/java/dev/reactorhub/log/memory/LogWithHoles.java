package dev.reactorhub.log.memory;

import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.log.ChannelRetentionSettings;
import dev.reactorhub.log.LogSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;

/** A log in memory with a rule that keeps two events of the channels {@code brief.>}. */
public final class LogWithHoles {
  private LogWithHoles() {}

  /** Opens one that keeps so many events in all; 0 is without bound. */
  public static MemoryEventLog open(long retentionEvents, InstantSource clock) {
    LogSettings settings =
        new LogSettings(
                LogSettings.Durability.MEMORY,
                Duration.ZERO,
                0,
                retentionEvents,
                Duration.ofHours(1),
                1_000_000,
                64L << 20)
            .withChannelRetention(
                List.of(
                    new ChannelRetentionSettings(
                        new ChannelPattern("brief.>"), Duration.ZERO, 0, 2)));
    return MemoryEventLog.open(settings, clock);
  }

  /**
   * Has 1 and 3 removed by the rule for brief channels; 2 and 4, then 5 and 6, are kept.
   *
   * @param publish takes a channel and a type
   */
  public static void makeAHole(MemoryEventLog log, BiConsumer<String, String> publish) {
    for (String channel :
        List.of("brief.a", "default", "brief.a", "default", "brief.a", "brief.a")) {
      publish.accept(channel, "a");
    }
    // More than the window holds: who resumes before is served from the log.
    for (int i = 0; i < 100; i++) {
      publish.accept("other", "a");
    }
    log.enforceRetention();
  }
}
