package dev.reactorhub.log.rocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks, before anything is written, that a directory is this log's or may become it. */
final class LogDirectory {
  /** A file of its own, readable by people, so that a foreign or newer directory is recognised. */
  static final String MARKER = "reactor-hub-log";

  private static final Pattern MARKER_TEXT = Pattern.compile("format (\\d{1,9})\n");

  /** What a fresh file system holds of itself. */
  private static final String LOST_AND_FOUND = "lost+found";

  private LogDirectory() {}

  /**
   * Makes the directory when it is missing or empty, and checks the marker otherwise.
   *
   * @throws LogDirectoryException when it must not be used
   */
  static void prepare(Path directory) {
    try {
      if (Files.exists(directory) && !Files.isDirectory(directory)) {
        throw new LogDirectoryException(directory, "is a file: choose another path");
      }
      Files.createDirectories(directory);
      List<String> names = names(directory);
      if (names.contains(MARKER) && Files.size(directory.resolve(MARKER)) > 0) {
        int _ = requireWhole(directory, names);
        requireSoundManifest(directory);
      } else if (names.isEmpty() || names.equals(List.of(MARKER))) {
        writeMarker(directory);
      } else {
        throw new LogDirectoryException(
            directory, "holds files that are no log: choose an empty directory");
      }
    } catch (IOException e) {
      throw unusable(directory, e);
    }
  }

  /** RocksDB would spin over a damaged list, or remove the files that it does not find in it. */
  static void requireSoundManifest(Path directory) throws IOException {
    if (Files.exists(directory.resolve("CURRENT")) && Manifest.isDamaged(directory)) {
      throw new LogDirectoryException(
          directory,
          "has a damaged list of its files: restore the directory, or choose an empty one");
    }
  }

  /** What a failure to make or read a file of its own means for the operator. */
  static LogDirectoryException unusable(Path directory, IOException e) {
    return new LogDirectoryException(
        directory,
        "cannot be used (" + e.getMessage() + "): check that it may be written and has space",
        e);
  }

  /**
   * Checks, changing nothing, that a directory is a log.
   *
   * @return its format
   * @throws LogDirectoryException when it is none, or must not be used
   */
  static int requireLog(Path directory) {
    try {
      if (!Files.isDirectory(directory) || !Files.exists(directory.resolve(MARKER))) {
        throw new LogDirectoryException(directory, "holds no log: name the folder of one");
      }
      return requireWhole(directory, names(directory));
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  /** What a failure to read a file means for the operator. */
  static LogDirectoryException unreadable(Path directory, IOException e) {
    return new LogDirectoryException(
        directory, "cannot be read: check that you may read its files", e);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> !name.equals(LOST_AND_FOUND))
          .toList();
    }
  }

  private static int requireWhole(Path directory, List<String> names) throws IOException {
    int format = requireReadableFormat(directory);
    requireNotGutted(directory, names);
    return format;
  }

  private static int requireReadableFormat(Path directory) throws IOException {
    String text = Files.readString(directory.resolve(MARKER), StandardCharsets.ISO_8859_1);
    Matcher matcher = MARKER_TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new LogDirectoryException(
          directory,
          "has a damaged marker " + MARKER + ": restore the directory, or choose an empty one");
    }
    int format = Integer.parseInt(matcher.group(1));
    if (format > Schema.FORMAT) {
      throw new LogDirectoryException(
          directory,
          String.format(
              Locale.ROOT,
              "was written by a newer version (format %d, this one reads %d): run the newer"
                  + " version, or choose another directory",
              format,
              Schema.FORMAT));
    }
    return format;
  }

  /**
   * RocksDB would start anew beside the data files of a log whose CURRENT is gone. A MANIFEST alone
   * is left by a process that was killed while it made the log, and is no data.
   */
  private static void requireNotGutted(Path directory, List<String> names) {
    boolean hasData =
        names.stream()
            .anyMatch(
                n -> n.endsWith(".sst") || n.endsWith(".log") || n.equals(CommittedHead.FILE));
    if (hasData && !names.contains("CURRENT")) {
      throw new LogDirectoryException(
          directory, "lacks the file CURRENT: restore the directory, or choose an empty one");
    }
  }

  /** Notes, synced, that an earlier format was brought up to this one; an open store adds to it. */
  static void noteFormat(Path directory) throws IOException {
    if (requireReadableFormat(directory) < Schema.FORMAT) {
      writeMarker(directory);
    }
  }

  private static void writeMarker(Path directory) throws IOException {
    ByteBuffer text =
        ByteBuffer.wrap(("format " + Schema.FORMAT + "\n").getBytes(StandardCharsets.ISO_8859_1));
    try (FileChannel file =
        FileChannel.open(
            directory.resolve(MARKER), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (text.hasRemaining()) {
        file.write(text);
      }
      file.force(true);
    }
  }
}
