package dev.reactorhub.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.EventLogContract;
import dev.reactorhub.log.LogSettings;
import org.junit.jupiter.api.Test;

final class MemoryEventLogTest extends EventLogContract {
  @Override
  protected EventLog open(LogSettings settings) {
    return MemoryEventLog.open(settings, clock);
  }

  @Override
  protected void enforceRetention(EventLog opened) {
    ((MemoryEventLog) opened).enforceRetention();
  }

  @Test
  void eachLogHasAnEpochOfItsOwn() {
    try (EventLog one = open(KEEP_ALL);
        EventLog other = open(KEEP_ALL)) {
      assertThat(one.range().epoch()).isNotEqualTo(other.range().epoch());
    }
  }
}
