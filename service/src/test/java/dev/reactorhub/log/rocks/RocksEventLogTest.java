package dev.reactorhub.log.rocks;

import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.EventLogContract;
import dev.reactorhub.log.LogSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class RocksEventLogTest extends EventLogContract {
  @TempDir Path root;
  private int opened;

  @Override
  protected EventLog open(LogSettings settings) {
    return RocksEventLog.open(root.resolve("log-" + opened++), settings, clock);
  }

  @Override
  protected void enforceRetention(EventLog log) {
    ((RocksEventLog) log).enforceRetention();
  }
}
