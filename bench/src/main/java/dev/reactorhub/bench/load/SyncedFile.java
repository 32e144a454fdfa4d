package dev.reactorhub.bench.load;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Appends 200 bytes to a file and syncs it, again and again, and prints how often a second. */
final class SyncedFile {
  private static final int RECORD_BYTES = 200;

  private SyncedFile() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Files.createTempFile(Path.of(arguments[0]), "synced", null);
    long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
    ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long start = System.nanoTime();
      long count = 0;
      for (; System.nanoTime() - start < nanos; count++) {
        channel.write(record.clear());
        channel.force(false);
      }
      System.out.printf(
          Locale.ROOT, "{\"per_s\":%.0f}%n", count * 1e9 / (System.nanoTime() - start));
    } finally {
      Files.delete(file);
    }
  }
}
