package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Epoch;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * A note, beside the database, of how far the log was committed. RocksDB ends its recovery silently
 * at the first damaged place of a write-ahead file; what follows is gone then, and its places would
 * be given out again. The note tells.
 *
 * <p>The file has two slots of a seq (8) and a checksum of epoch and seq (8), big-endian, written
 * in turn, so that a torn write leaves the other. It is written after the commit and never synced:
 * it may say less than was committed, never more. Appender's thread, but for opening and closing.
 */
final class CommittedHead implements AutoCloseable {
  static final String FILE = "committed-head";

  private static final Logger LOGGER = System.getLogger(CommittedHead.class.getName());
  private static final int SLOT_BYTES = 16;
  private static final int SLOTS = 2;

  private final FileChannel file;
  private final ByteBuffer slot = ByteBuffer.allocateDirect(SLOT_BYTES);

  /** Of the log as it is now; empty until {@link #begin}. */
  private byte[] epoch = new byte[0];

  private int nextSlot;
  private boolean hasWarned;

  private CommittedHead(FileChannel file) {
    this.file = file;
  }

  static CommittedHead open(Path directory) throws IOException {
    return new CommittedHead(
        FileChannel.open(
            directory.resolve(FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  /**
   * Opens what was noted of a log on which no hub runs, without a change; empty when nothing was.
   */
  static Optional<CommittedHead> openToRead(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    return Files.exists(file)
        ? Optional.of(new CommittedHead(FileChannel.open(file, StandardOpenOption.READ)))
        : Optional.empty();
  }

  /** Removes what was noted, of a log that begins anew. */
  static void forget(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(FILE));
  }

  /** The newest seq noted for this epoch; 0: none. */
  long noted(Epoch of) throws IOException {
    return newest(of).orElse(0);
  }

  /** True when something was noted once, and nothing that belongs to this epoch. */
  boolean isOfAnother(Epoch epoch) throws IOException {
    return isWritten() && newest(epoch).isEmpty();
  }

  /** True when something was noted once. */
  boolean isWritten() throws IOException {
    return file.size() > 0;
  }

  private OptionalLong newest(Epoch of) throws IOException {
    byte[] name = bytes(of);
    OptionalLong newest = OptionalLong.empty();
    for (int i = 0; i < SLOTS; i++) {
      slot.clear();
      if (file.read(slot, (long) i * SLOT_BYTES) == SLOT_BYTES) {
        long seq = slot.getLong(0);
        if (slot.getLong(8) == check(name, seq)) {
          newest = OptionalLong.of(Math.max(newest.orElse(0), seq));
        }
      }
    }
    return newest;
  }

  /** What is noted from here on belongs to this epoch; the log has this head. */
  void begin(Epoch now, long head) {
    epoch = bytes(now);
    for (int i = 0; i < SLOTS; i++) {
      note(head);
    }
  }

  /** Everything up to here is committed. A failure to note it is logged, once. */
  void note(long seq) {
    slot.clear().putLong(seq).putLong(check(epoch, seq)).flip();
    try {
      file.write(slot, (long) nextSlot * SLOT_BYTES);
    } catch (IOException e) {
      if (!hasWarned) {
        hasWarned = true;
        LOGGER.log(Level.WARNING, "log committed head cannot be noted file=" + FILE, e);
      }
    }
    nextSlot = (nextSlot + 1) % SLOTS;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      LOGGER.log(Level.WARNING, "log committed head cannot be closed file=" + FILE, e);
    }
  }

  private static long check(byte[] epoch, long seq) {
    CRC32C crc = new CRC32C();
    crc.update(epoch);
    crc.update(ByteBuffer.allocate(8).putLong(0, seq));
    // All zeros are no slot.
    return crc.getValue() | 1L << 32;
  }

  private static byte[] bytes(Epoch epoch) {
    return epoch.value().getBytes(StandardCharsets.US_ASCII);
  }
}
