package dev.reactorhub.log.rocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * RocksDB's list of its files, checked before RocksDB reads it: that takes a damaged length for the
 * end of the list and removes every file named behind it, and a damaged type makes it spin for
 * ever.
 *
 * <p>Blocks of 32 KiB hold records, each with a header of 7 bytes: a masked CRC-32C over type and
 * content, the length of the content, the type (1 to 4). Less than a header at the end of a block
 * is left empty.
 */
final class Manifest {
  private static final int BLOCK_BYTES = 32 << 10;
  private static final int HEADER_BYTES = 7;
  private static final int TYPE_MAX = 4;
  private static final int MASK_DELTA = 0xa282ead8;
  private static final int MASK_ROTATION = 15;

  private final ByteBuffer bytes;

  private Manifest(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** True when the manifest that CURRENT names is damaged; one that is missing is not. */
  static boolean isDamaged(Path directory) throws IOException {
    Path current = directory.resolve("CURRENT");
    String name = Files.readString(current, StandardCharsets.ISO_8859_1).strip();
    if (!name.matches("MANIFEST-\\d+") || !Files.exists(directory.resolve(name))) {
      return false; // RocksDB says so itself.
    }
    return new Manifest(Files.readAllBytes(directory.resolve(name))).isDamaged();
  }

  private boolean isDamaged() {
    int at = 0;
    while (at < bytes.limit()) {
      int left = BLOCK_BYTES - at % BLOCK_BYTES;
      if (left < HEADER_BYTES) {
        at += left;
      } else if (isRecord(at)) {
        at += HEADER_BYTES + length(at);
      } else {
        // A record that a crash cut short is the last: nothing whole can stand behind it.
        return (isWithinFile(at) && !isEmpty(at)) || hasRecordAfter(at);
      }
    }
    return false;
  }

  private boolean hasRecordAfter(int at) {
    for (int i = at + 1; i <= bytes.limit() - HEADER_BYTES; i++) {
      if (isRecord(i)) {
        return true;
      }
    }
    return false;
  }

  private boolean isRecord(int at) {
    if (!isWithinFile(at)) {
      return false;
    }
    int type = bytes.get(at + HEADER_BYTES - 1);
    if (type < 1 || type > TYPE_MAX) {
      return false;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), at + HEADER_BYTES - 1, 1 + length(at));
    int masked = Integer.rotateRight((int) crc.getValue(), MASK_ROTATION) + MASK_DELTA;
    return masked == bytes.getInt(at);
  }

  private boolean isWithinFile(int at) {
    return bytes.limit() - at >= HEADER_BYTES
        && length(at) <= bytes.limit() - at - HEADER_BYTES
        && at % BLOCK_BYTES + HEADER_BYTES + length(at) <= BLOCK_BYTES;
  }

  /** Space that was allocated and never written to. */
  private boolean isEmpty(int at) {
    return bytes.getInt(at) == 0 && length(at) == 0 && bytes.get(at + HEADER_BYTES - 1) == 0;
  }

  private int length(int at) {
    return Short.toUnsignedInt(bytes.getShort(at + 4));
  }
}
