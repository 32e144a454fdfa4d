package dev.reactorhub.log.rocks;

import java.util.function.BiConsumer;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Looks at the index and the ids of a stretch, once its records are known. One thread. */
final class EntryCheck {
  private static final int SEQ_BYTES = 8;
  private static final int STRETCH_BYTES = 4;
  private static final int DEDUP_VALUE_BYTES = 16;

  private final RocksStore store;
  private final StretchRecords content;
  private final BiConsumer<LogDamage, String> found;

  EntryCheck(RocksStore store, StretchRecords content, BiConsumer<LogDamage, String> found) {
    this.store = store;
    this.content = content;
    this.found = found;
  }

  /**
   * Every entry has its record, and every record its entry.
   *
   * @param isLast entries beyond the stretch are looked at as well: none should be there
   */
  void lookAtIndex(boolean isLast) {
    int generation = content.generation();
    int from = Schema.segmentOf(Schema.firstSeqOf(generation));
    int end = Schema.segmentOf(Schema.firstSeqOf(generation + 1));
    Span span = new Span(from, isLast ? Integer.MAX_VALUE : end);
    boolean isWhole = scan(store.byChannel(), span, "the index", (key, value) -> entry(key));
    for (long seq = content.from(); isWhole && seq <= content.through(); seq++) {
      if (!content.isIndexed(seq)) {
        found.accept(LogDamage.NOT_INDEXED, "record " + seq);
      }
    }
  }

  /**
   * Every id that is remembered belongs to its record, unless retention has passed that.
   *
   * @param isFirst ids of before the stretch are looked at as well: their records are gone
   * @param isLast ids beyond the stretch are looked at as well: none should be there
   */
  void lookAtIds(boolean isFirst, boolean isLast) {
    int generation = content.generation();
    Span span = new Span(isFirst ? 0 : generation, isLast ? Integer.MAX_VALUE : generation + 1);
    boolean _ = scan(store.dedup(), span, "the ids", this::id);
  }

  private void entry(byte[] key) {
    int end = key.length - SEQ_BYTES - 1;
    if (end <= STRETCH_BYTES || key[end] != 0) {
      found.accept(LogDamage.INDEX_WITHOUT_RECORD, "a key of " + key.length + " bytes");
      return;
    }
    long seq = Schema.seqOfIndexKey(key);
    String channel = Schema.channelOfIndexKey(key);
    boolean isInPlace = seq >= 0 && Schema.stretchOf(key) == seq >>> Schema.SEGMENT_BITS;
    if (!isInPlace || (!content.isPast(seq) && !content.index(channel, seq))) {
      found.accept(LogDamage.INDEX_WITHOUT_RECORD, shown(channel) + ", record " + seq);
    }
  }

  private void id(byte[] key, byte[] value) {
    String id = key.length < STRETCH_BYTES ? "" : Schema.idOfDedupKey(key);
    if (value.length != DEDUP_VALUE_BYTES) {
      found.accept(LogDamage.ID_WITHOUT_RECORD, shown(id) + ", no record named");
      return;
    }
    long seq = Schema.remembered(value).seq();
    boolean isInPlace = seq >= 0 && Schema.stretchOf(key) == seq >>> Schema.GENERATION_BITS;
    if (!isInPlace || (!content.isPast(seq) && !content.hasId(id, seq))) {
      found.accept(LogDamage.ID_WITHOUT_RECORD, shown(id) + ", record " + seq);
    }
  }

  /** Names in damaged bytes may hold anything. */
  private static String shown(String name) {
    return '"' + name.replaceAll("\\p{Cntrl}", "?") + '"';
  }

  /** False when not all of it could be read. */
  private boolean scan(
      ColumnFamilyHandle family, Span span, String what, BiConsumer<byte[], byte[]> look) {
    try (ReadOptions options = new ReadOptions().setFillCache(false);
        RocksIterator iterator = store.db().newIterator(family, options)) {
      iterator.seek(Schema.stretchStart(span.from()));
      for (; iterator.isValid(); iterator.next()) {
        byte[] key = iterator.key();
        if (key.length >= STRETCH_BYTES && Schema.stretchOf(key) >= span.end()) {
          return true;
        }
        look.accept(key, iterator.value());
      }
      iterator.status();
      return true;
    } catch (RocksDBException e) {
      found.accept(
          LogDamage.UNREADABLE,
          what + " of records " + content.from() + " to " + content.through() + " in part");
      return false;
    }
  }

  /** The stretches of a family from one to before another. */
  private record Span(int from, int end) {}
}
