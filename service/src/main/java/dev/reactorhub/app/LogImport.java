package dev.reactorhub.app;

import dev.reactorhub.cli.LogTools.Imported;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.wire.ProblemException;
import java.io.IOException;
import java.util.Optional;

/** Brings lines into a log, in order, until the end or the first that cannot be taken. */
final class LogImport {
  /** Stored and synced together. */
  private static final long BATCH_BYTES = 1L << 20;

  private LogImport() {}

  static Imported run(LineReader lines, ImportTarget target) {
    Optional<String> stoppedBy;
    try {
      stoppedBy = takeAll(lines, target);
      target.flush();
    } catch (LogFailedException e) {
      stoppedBy = Optional.of("by line " + lines.number() + " the log failed: " + e.getMessage());
    }
    return new Imported(target.stored(), target.duplicates(), stoppedBy);
  }

  /** Why not all were taken. */
  private static Optional<String> takeAll(LineReader lines, ImportTarget target) {
    try {
      for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (isBlank(line.get())) {
          continue;
        }
        target.take(line.get());
        if (target.pendingBytes() >= BATCH_BYTES) {
          target.flush();
        }
      }
      return Optional.empty();
    } catch (ProblemException e) {
      return Optional.of("line " + lines.number() + ": " + e.problem().message());
    } catch (IOException e) {
      return Optional.of("line " + lines.number() + ": " + e.getMessage());
    }
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
