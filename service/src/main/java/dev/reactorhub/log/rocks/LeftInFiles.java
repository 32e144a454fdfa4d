package dev.reactorhub.log.rocks;

import dev.reactorhub.log.LogRecord;
import org.rocksdb.RocksDBException;

/**
 * Records that rules removed and whose bytes are still in files: only rewriting these gives the
 * disk back. Known since the log was opened; what was left before waits for the engine's own
 * rewriting.
 *
 * @param from the first, or 0
 * @param to the last
 * @param bytes their sizes
 */
record LeftInFiles(long from, long to, long bytes) {
  static final LeftInFiles NONE = new LeftInFiles(0, 0, 0);

  LeftInFiles with(LogRecord record) {
    long seq = record.seq();
    return new LeftInFiles(
        from == 0 ? seq : Math.min(from, seq),
        Math.max(to, seq),
        bytes + record.event().sizeBytes());
  }

  /** Rewrites the files between the first and the last when that is worth it; what is left then. */
  LeftInFiles rewriteIfLarge(RocksStore store) throws RocksDBException {
    if (bytes <= Retention.LEFT_BYTES_MAX) {
      return this;
    }
    store.rewriteFiles(store.events(), Schema.eventKey(from), Schema.eventKey(to + 1));
    store.rewriteFiles(
        store.byChannel(),
        Schema.indexPrefix(Schema.segmentOf(from), ""),
        Schema.indexPrefix(Schema.segmentOf(to) + 1, ""));
    return NONE;
  }
}
