package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.log.AppendResult.Reason;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.log.ReadResult;
import dev.reactorhub.log.engine.BatchBuilder;
import dev.reactorhub.log.engine.LogTail;
import dev.reactorhub.log.rocks.StoredEventCodec.Kept;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.rocksdb.ReadOptions;
import org.rocksdb.Snapshot;

/**
 * Reads with a filter: through the index when the channels are few, else by looking at every
 * record. Every seq has its record, or what channel retention left of it, so one that is missing is
 * either trimmed or damage.
 */
final class EventReader {
  /** So near the head, looking at every record costs less than asking the index. */
  private static final int NEAR_HEAD = 128;

  private static final Logger LOGGER = System.getLogger(EventReader.class.getName());

  private final RocksStore store;
  private final LogTail tail;
  private final RemovedChannels removed;

  EventReader(RocksStore store, LogTail tail, RemovedChannels removed) {
    this.store = store;
    this.tail = tail;
    this.removed = removed;
  }

  /** What channel retention removed. */
  RemovedChannels removed() {
    return removed;
  }

  /** That there is nothing at a seq of the log. */
  static LogFailedException missing(long seq) {
    return new LogFailedException("record " + seq + " is missing: restore the log");
  }

  /** See {@link dev.reactorhub.log.EventLog#read}. */
  ReadResult read(long afterSeq, EventFilter filter, ReadLimit limit) {
    LogRange range = tail.rangeToRead(afterSeq);
    if (afterSeq < range.earliest()) {
      return new ReadResult.Trimmed(range.earliest());
    }
    BatchBuilder batch = new BatchBuilder(afterSeq, limit);
    if (afterSeq == range.head() || filter.channels().isEmpty()) {
      batch.lookedThrough(range.head());
      return batch.build();
    }
    try {
      store.reading(
          () -> {
            read(afterSeq, range.head(), filter, batch);
            return batch;
          });
    } catch (LogFailedException e) {
      if (afterSeq >= tail.range().earliest()) {
        throw told(e);
      }
    }
    // Retention publishes before it removes: a start that is still kept now was kept all along.
    long earliest = tail.range().earliest();
    return afterSeq < earliest ? new ReadResult.Trimmed(earliest) : batch.build();
  }

  /** See {@link dev.reactorhub.log.EventLog#seqBefore}. */
  long seqBefore(Instant storedAt) {
    try {
      return new Places(store).seqBefore(storedAt, tail.range());
    } catch (LogFailedException e) {
      throw told(e);
    }
  }

  /** Tells the operator, unless that is known; the caller tells the client. */
  private LogFailedException told(LogFailedException damage) {
    String detail = String.valueOf(damage.getMessage());
    if (tail.turnUnhealthy(Reason.LOG_FAILED, detail)) {
      LOGGER.log(Level.ERROR, "log damaged: it must be restored detail=\"" + detail + '"');
    }
    return damage;
  }

  private void read(long afterSeq, long head, EventFilter filter, BatchBuilder batch) {
    try (ReadOptions options = new ReadOptions()) {
      // One view of records, index and what was removed: else a removal meanwhile could be missed.
      Snapshot view = removed.isPossible() ? store.db().getSnapshot() : null;
      if (view != null) {
        options.setSnapshot(view);
      }
      try (EventCursor events = new EventCursor(store, options)) {
        look(new Look(events, options, filter, batch), afterSeq, head);
        if (view != null) {
          batch.removedThrough(removed.newestMatching(options, filter, afterSeq));
        }
      } finally {
        if (view != null) {
          store.db().releaseSnapshot(view);
        }
      }
    }
  }

  private void look(Look look, long afterSeq, long head) {
    if (head - afterSeq <= NEAR_HEAD || look.filter().channels().contains(ChannelPattern.ALL)) {
      scan(look, new ChannelCursor.Span(afterSeq + 1, head));
      return;
    }
    long from = afterSeq + 1;
    while (from <= head && !look.batch().isDone()) {
      long end = Math.min(head, Schema.segmentEnd(Schema.segmentOf(from)));
      if (!lookThroughSegment(look, new ChannelCursor.Span(from, end))) {
        return;
      }
      from = end + 1;
    }
  }

  /** False when the batch is complete before the end of the span. */
  private boolean lookThroughSegment(Look look, ChannelCursor.Span span) {
    Optional<Set<Channel>> channels =
        ChannelExpansion.of(
            store, look.options(), look.filter().channels(), Schema.segmentOf(span.from()));
    if (channels.isEmpty()) {
      return scan(look, span);
    }
    look.batch().spend(1 + channels.get().size(), 0);
    List<ChannelCursor> opened = new ArrayList<>();
    try {
      for (Channel channel : channels.get()) {
        opened.add(new ChannelCursor(store, look.options(), channel, span));
      }
      if (!merge(look, opened)) {
        return false;
      }
    } finally {
      opened.forEach(ChannelCursor::close);
    }
    look.batch().lookedThrough(span.through());
    return true;
  }

  private static boolean merge(Look look, List<ChannelCursor> cursors) {
    PriorityQueue<ChannelCursor> next = new PriorityQueue<>();
    cursors.stream().filter(ChannelCursor::isValid).forEach(next::add);
    while (!next.isEmpty()) {
      ChannelCursor cursor = next.remove();
      if (!look.at(cursor.seq())) {
        return false;
      }
      cursor.next();
      if (cursor.isValid()) {
        next.add(cursor);
      }
    }
    return true;
  }

  private static boolean scan(Look look, ChannelCursor.Span span) {
    for (long seq = span.from(); seq <= span.through(); seq++) {
      if (!look.at(seq)) {
        return false;
      }
    }
    return true;
  }

  /** One read on its way. */
  private record Look(
      EventCursor events, ReadOptions options, EventFilter filter, BatchBuilder batch) {
    /** Looks at one record; false when the batch is complete without it. */
    boolean at(long seq) {
      if (batch.isDone()) {
        return false;
      }
      if (!events.moveTo(seq)) {
        throw missing(seq);
      }
      long bytes = 0;
      if (events.stored() instanceof Kept(LogRecord record, long _)) {
        if (filter.matches(record.event()) && !batch.add(record)) {
          return false;
        }
        bytes = record.event().sizeBytes();
      }
      batch.lookedThrough(seq);
      batch.spend(1, bytes);
      return true;
    }
  }
}
