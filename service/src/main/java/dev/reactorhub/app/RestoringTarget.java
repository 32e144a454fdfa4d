package dev.reactorhub.app;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.rocks.RocksRestore;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.LogLines;
import dev.reactorhub.wire.LogLines.Placed;
import dev.reactorhub.wire.ProblemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a log anew with the epoch, the places and the times that the lines tell. */
final class RestoringTarget implements ImportTarget {
  private final Path directory;
  private final LogLines form;
  private final List<LogRecord> batch = new ArrayList<>();

  /** Begun by the first line: it tells where the log begins. */
  private @Nullable RocksRestore log;

  private @Nullable Placed before;
  private long pendingBytes;
  private long stored;

  RestoringTarget(Path directory, LogLines form) {
    this.directory = directory;
    this.form = form;
  }

  @Override
  public void take(byte[] line) {
    Placed placed = form.placed(line);
    if (before == null) {
      log = RocksRestore.begin(directory, placed.epoch(), placed.record().seq());
    } else {
      requireNext(before, placed);
    }
    before = placed;
    batch.add(placed.record());
    pendingBytes += line.length;
  }

  private static void requireNext(Placed before, Placed placed) {
    Epoch epoch = before.epoch();
    long next = before.record().seq() + 1;
    if (!placed.epoch().equals(epoch) || placed.record().seq() != next) {
      throw new ProblemException(
          ErrorCode.INVALID_EVENT,
          "its position must be "
              + epoch
              + "."
              + next
              + ": positions can be kept of an export of everything, in order, from which rules for"
              + " channels have removed nothing");
    }
    if (placed.record().storedAt().isBefore(before.record().storedAt())) {
      throw new ProblemException(
          ErrorCode.INVALID_EVENT, "its \"storedAt\" is before that of the line before");
    }
  }

  @Override
  public long pendingBytes() {
    return pendingBytes;
  }

  @Override
  public void flush() {
    if (log == null || batch.isEmpty()) {
      return;
    }
    log.store(List.copyOf(batch));
    stored += batch.size();
    batch.clear();
    pendingBytes = 0;
  }

  @Override
  public long stored() {
    return stored;
  }

  /** None: an export of one log may well hold an id twice, each at its place. */
  @Override
  public long duplicates() {
    return 0;
  }

  @Override
  public void close() {
    if (log != null) {
      log.close();
    }
  }
}
