package dev.reactorhub.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The files of a log on which nothing is going on: to find, to copy and to damage. */
public final class StoredFiles {
  private StoredFiles() {}

  /** Those in whose names this occurs, in the order of the names. */
  public static List<Path> of(Path directory, String kind) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).contains(kind))
          .sorted()
          .toList();
    }
  }

  /** The largest of them; fails when there is none. */
  public static Path largest(Path directory, String kind) throws IOException {
    return of(directory, kind).stream()
        .max(Comparator.comparingLong(file -> file.toFile().length()))
        .orElseThrow(() -> new AssertionError("no " + kind + " in " + directory));
  }

  /** Copies them all; of an open log, this is what a killed process would leave. */
  public static Path copy(Path directory, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : of(directory, "")) {
      try {
        Files.copy(file, to.resolve(directory.relativize(file)));
      } catch (NoSuchFileException e) {
        // The engine cleaned up what it could not write to a full disk; nothing refers to it.
      }
    }
    return to;
  }

  /** Flips a bit of a byte; flipped once more, it is as before. */
  public static void flipBit(Path file, long at, int bit) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      if (channel.read(one, at) != 1) {
        throw new AssertionError("no byte " + at + " in " + file);
      }
      one.put(0, (byte) (one.get(0) ^ (1 << bit))).flip();
      channel.write(one, at);
    }
  }
}
