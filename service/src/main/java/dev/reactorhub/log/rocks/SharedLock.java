package dev.reactorhub.log.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps hubs out of a log's directory while it is read, and is refused while one runs: a shared
 * lock of the file that RocksDB locks for itself. Changes nothing, and needs no right to write.
 */
final class SharedLock implements AutoCloseable {
  private static final String FILE = "LOCK";

  private final @Nullable FileChannel channel;

  private SharedLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock. A directory without the file, such as a copy, was never opened: nobody is in.
   *
   * @throws LogDirectoryException when a hub has the directory
   */
  static SharedLock take(Path directory) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(directory.resolve(FILE), StandardOpenOption.READ);
      Optional<FileLock> lock = Optional.ofNullable(channel.tryLock(0, Long.MAX_VALUE, true));
      if (lock.isEmpty()) {
        channel.close();
        throw new LogDirectoryException(directory, RocksStore.IN_USE);
      }
      return new SharedLock(channel);
    } catch (NoSuchFileException e) {
      return new SharedLock(null);
    } catch (IOException e) {
      throw new LogDirectoryException(directory, "cannot be locked: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
