package dev.reactorhub.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A small file system in memory, mounted for one test. Needs Linux and root. */
final class MountedTmpfs implements AutoCloseable {
  private static final int STEP_BYTES = 4096;

  private final Path root;

  private MountedTmpfs(Path root) {
    this.root = root;
  }

  /** Mounts it on a directory, which is made. */
  static MountedTmpfs mount(Path root, String size) throws IOException, InterruptedException {
    Files.createDirectories(root);
    Shell.run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", root.toString());
    return new MountedTmpfs(root);
  }

  Path root() {
    return root;
  }

  /** Takes a part of the space. */
  void fill(String file, int bytes) throws IOException {
    Files.write(root.resolve(file), new byte[bytes]);
  }

  /** Takes all the space that is left. */
  void fillUp(String file) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(STEP_BYTES);
    try (FileChannel filler =
        FileChannel.open(
            root.resolve(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (root.toFile().getUsableSpace() > 0) {
        filler.write(zeros.clear());
      }
    } catch (IOException e) {
      if (root.toFile().getUsableSpace() > 0) {
        throw e;
      }
    }
  }

  /** Gives space back. */
  void free(String... files) throws IOException {
    for (String file : files) {
      Files.delete(root.resolve(file));
    }
  }

  /** Unmounts, even while a process that is about to end still has files open there. */
  @Override
  public void close() throws IOException {
    try {
      Shell.run("umount", "--lazy", root.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
