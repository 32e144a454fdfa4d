package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Channel;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** The places of one channel within one segment of the index, in order. One thread. */
final class ChannelCursor implements Comparable<ChannelCursor>, AutoCloseable {
  private final RocksIterator iterator;
  private final byte[] prefix;
  private final long through;
  private long seq;

  /**
   * Stands at the first place of the channel within the span.
   *
   * @param options outlives the cursor
   */
  ChannelCursor(RocksStore store, ReadOptions options, Channel channel, Span span) {
    this.through = span.through();
    this.prefix = Schema.indexPrefix(Schema.segmentOf(span.from()), channel.value() + '\0');
    this.iterator = store.db().newIterator(store.byChannel(), options);
    iterator.seek(Schema.indexKey(channel, span.from()));
    settle();
  }

  /** False when there are no more places. */
  boolean isValid() {
    return seq > 0;
  }

  /** The place it stands at. */
  long seq() {
    return seq;
  }

  void next() {
    iterator.next();
    settle();
  }

  private void settle() {
    seq = 0;
    if (iterator.isValid()) {
      byte[] key = iterator.key();
      if (Schema.startsWith(key, prefix)) {
        long found = Schema.seqOfIndexKey(key);
        seq = found <= through ? found : 0;
      }
      return;
    }
    try {
      iterator.status();
    } catch (RocksDBException e) {
      throw RocksStore.readFailed(e);
    }
  }

  @Override
  public int compareTo(ChannelCursor other) {
    return Long.compare(seq, other.seq);
  }

  @Override
  public void close() {
    iterator.close();
  }

  /** Places from one to another, both included, of one segment. */
  record Span(long from, long through) {}
}
