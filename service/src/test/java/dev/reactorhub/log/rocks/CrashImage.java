package dev.reactorhub.log.rocks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of an open log as a killed process would leave them. */
final class CrashImage {
  private CrashImage() {}

  /** Copies the directory of a log on which nothing is going on. */
  static Path of(Path open, Path to) throws IOException {
    Files.createDirectories(to);
    List<Path> files;
    try (Stream<Path> entries = Files.list(open)) {
      files = entries.toList();
    }
    for (Path file : files) {
      Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
    }
    return to;
  }
}
