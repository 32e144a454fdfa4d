package dev.reactorhub.log.memory;

import dev.reactorhub.log.ChannelRetentionContract;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogSettings;

final class MemoryChannelRetentionTest extends ChannelRetentionContract {
  @Override
  protected EventLog open(LogSettings settings) {
    return MemoryEventLog.open(settings, clock);
  }

  @Override
  protected void enforceRetention(EventLog opened) {
    ((MemoryEventLog) opened).enforceRetention();
  }
}
