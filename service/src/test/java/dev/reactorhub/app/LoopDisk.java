package dev.reactorhub.app;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in a file, from which the power can be cut: what was not synced is gone. */
final class LoopDisk implements AutoCloseable {
  /** XFS takes no less than 300 MiB. */
  private static final long BYTES = 512L << 20;

  private final Path image;
  private final Path mountPoint;
  private boolean isMounted;

  /** How the file system is made. */
  enum FileSystem {
    XFS("mkfs.xfs -q"),
    EXT4("mkfs.ext4 -q -F");

    private final String command;

    FileSystem(String command) {
      this.command = command;
    }
  }

  LoopDisk(FileSystem fileSystem, Path directory) throws IOException, InterruptedException {
    this.image = directory.resolve("disk.img");
    this.mountPoint = Files.createDirectories(directory.resolve("disk"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(BYTES);
    }
    Shell.run((fileSystem.command + " " + image).split(" "));
    mount();
  }

  /** A directory on the disk. */
  Path data() {
    return mountPoint.resolve("data");
  }

  /** From here on every access fails, and nothing more gets to the disk. */
  void cutPower() throws IOException, InterruptedException {
    Shell.run("xfs_io", "-x", "-c", "shutdown", mountPoint.toString());
  }

  /** The disk as it comes back; no process may have it open. */
  void restorePower() throws IOException, InterruptedException {
    unmount();
    mount();
  }

  @Override
  public void close() {
    try {
      if (isMounted) {
        unmount();
      }
      Files.delete(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void mount() throws IOException, InterruptedException {
    Shell.run("mount", "-o", "loop", image.toString(), mountPoint.toString());
    isMounted = true;
  }

  private void unmount() throws IOException, InterruptedException {
    Shell.run("umount", mountPoint.toString());
    isMounted = false;
  }
}
