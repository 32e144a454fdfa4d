package dev.reactorhub.app;

import dev.reactorhub.event.Event;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.Appended;
import dev.reactorhub.log.EventLog;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.rocks.RocksEventLog;
import dev.reactorhub.wire.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Appends as publishers do: with new places, and ids that are remembered not again. */
final class AppendingTarget implements ImportTarget {
  /** Removes nothing: what to keep is for the hub to say, by its own settings. */
  private static final LogSettings KEEP_EVERYTHING =
      new LogSettings(
          LogSettings.DEFAULTS.durability(),
          Duration.ZERO,
          0,
          0,
          LogSettings.DEFAULTS.dedupWindow(),
          LogSettings.DEFAULTS.dedupIdsMax(),
          LogSettings.DEFAULTS.pendingBytesMax());

  private final EventLog log;
  private final LogLines form;
  private final List<Event> batch = new ArrayList<>();
  private long pendingBytes;
  private long stored;
  private long duplicates;

  AppendingTarget(Path directory, LogLines form, InstantSource clock) {
    this.log = RocksEventLog.open(directory, KEEP_EVERYTHING, clock);
    this.form = form;
  }

  @Override
  public void take(byte[] line) {
    batch.add(form.event(line));
    pendingBytes += line.length;
  }

  @Override
  public long pendingBytes() {
    return pendingBytes;
  }

  @Override
  public void flush() {
    if (batch.isEmpty()) {
      return;
    }
    List<Event> events = List.copyOf(batch);
    batch.clear();
    pendingBytes = 0;
    switch (log.append(events).join()) {
      case AppendResult.Stored(List<Appended> places) -> {
        long again = places.stream().filter(Appended::duplicate).count();
        duplicates += again;
        stored += places.size() - again;
      }
      case AppendResult.Refused(AppendResult.Reason reason) ->
          throw new LogFailedException(
              switch (reason) {
                case DISK_FULL -> "the disk is full";
                case LOG_FAILED -> "a write failed";
                case LOG_CLOSED -> "it is closed";
              });
    }
  }

  @Override
  public long stored() {
    return stored;
  }

  @Override
  public long duplicates() {
    return duplicates;
  }

  @Override
  public void close() {
    log.close();
  }
}
