package dev.reactorhub.log.memory;

import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.NamedCursorsContract;
import java.time.InstantSource;

final class MemoryNamedCursorsTest extends NamedCursorsContract {
  @Override
  protected EventLog open(LogSettings settings) {
    return MemoryEventLog.open(settings, InstantSource.system());
  }
}
