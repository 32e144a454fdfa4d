package dev.reactorhub.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Keeps a position in a file. One thread at a time. */
final class FilePositionStore implements PositionStore {
  private final Path file;
  private final Path next;

  FilePositionStore(Path file) {
    this.file = file.toAbsolutePath();
    this.next = this.file.resolveSibling(this.file.getFileName() + ".next");
  }

  @Override
  public Optional<String> load() throws IOException {
    String text;
    try {
      text = Files.readString(file, UTF_8).strip();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (text.isEmpty() || text.contains("\n")) {
      throw new IOException(file + " holds no position: must be one line such as k3x9.1042");
    }
    return Optional.of(text);
  }

  @Override
  public void save(String position) throws IOException {
    try (FileChannel channel = FileChannel.open(next, CREATE, WRITE, TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap((position + "\n").getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      // Before the name points to it: a crash must not leave an empty file under the name.
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory();
  }

  /** Makes the new name last. Where a directory cannot be opened (Windows) there is no need. */
  private void syncDirectory() throws IOException {
    Path directory = file.getParent();
    if (directory == null || java.io.File.separatorChar == '\\') {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }
}
