package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import java.util.Map;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * The newest event that channel retention removed, of each channel and type: what tells a reader
 * that events are missing between its place and there. Entries that the log's beginning has passed
 * mean nothing any more and are forgotten.
 */
final class RemovedChannels {
  private final RocksStore store;
  private final boolean mayGrow;

  /** No event after it was removed. Written by the one thread that removes. */
  private volatile long newest;

  /**
   * Knows what was removed in earlier lives of the process.
   *
   * @param mayGrow whether there are rules that remove events
   */
  RemovedChannels(RocksStore store, boolean mayGrow) {
    this.store = store;
    this.mayGrow = mayGrow;
    try (RocksIterator entries = store.db().newIterator(store.meta())) {
      for (entries.seek(Schema.removedPrefix("")); isEntry(entries); entries.next()) {
        newest = Math.max(newest, Schema.seqOfEventKey(entries.value()));
      }
      entries.status();
    } catch (RocksDBException e) {
      throw RocksStore.readFailed(e);
    }
  }

  /** False when nothing is missing from the middle of the log, and nothing will be. */
  boolean isPossible() {
    return mayGrow || newest > 0;
  }

  /**
   * The newest removed event after a place that a filter wants; 0 when there is none.
   *
   * @param options the view in which the records were read
   */
  long newestMatching(ReadOptions options, EventFilter filter, long afterSeq) {
    long found = 0;
    // Read after the view was taken: a removal that the view shows has raised it before.
    if (newest > afterSeq) {
      for (ChannelPattern pattern : filter.channels()) {
        found = Math.max(found, newestMatching(options, pattern, filter));
      }
    }
    return found > afterSeq ? found : 0;
  }

  private long newestMatching(ReadOptions options, ChannelPattern pattern, EventFilter filter) {
    byte[] prefix =
        Schema.removedPrefix(
            pattern.isLiteral()
                ? pattern.value() + '\0'
                : ChannelExpansion.literalStart(pattern.value()));
    long found = 0;
    try (RocksIterator entries = store.db().newIterator(store.meta(), options)) {
      for (entries.seek(prefix);
          entries.isValid() && Schema.startsWith(entries.key(), prefix);
          entries.next()) {
        long seq = Schema.seqOfEventKey(entries.value());
        ChannelAndType of = Schema.removedOf(entries.key());
        if (seq > found && filter.matches(of.channel(), of.type())) {
          found = seq;
        }
      }
      entries.status();
      return found;
    } catch (RocksDBException e) {
      throw RocksStore.readFailed(e);
    }
  }

  /** Notes removals that a batch makes; to be called before the batch is written. */
  void put(WriteBatch batch, Map<ChannelAndType, Long> removed) throws RocksDBException {
    for (Map.Entry<ChannelAndType, Long> entry : removed.entrySet()) {
      newest = Math.max(newest, entry.getValue());
      batch.put(store.meta(), Schema.removedKey(entry.getKey()), Schema.eventKey(entry.getValue()));
    }
  }

  /** Forgets what the log's beginning has passed. */
  void forgetThrough(WriteBatch batch, long earliest) throws RocksDBException {
    if (newest == 0) {
      return;
    }
    try (RocksIterator entries = store.db().newIterator(store.meta())) {
      for (entries.seek(Schema.removedPrefix("")); isEntry(entries); entries.next()) {
        if (Schema.seqOfEventKey(entries.value()) <= earliest) {
          batch.delete(store.meta(), entries.key());
        }
      }
      entries.status();
    }
  }

  private static boolean isEntry(RocksIterator entries) {
    return entries.isValid() && Schema.startsWith(entries.key(), Schema.removedPrefix(""));
  }

  /** What a filter looks at. */
  record ChannelAndType(Channel channel, EventType type) {}
}
