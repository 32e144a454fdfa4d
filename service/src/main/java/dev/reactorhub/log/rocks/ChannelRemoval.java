package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.log.ChannelRetentionSettings;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.log.ReadResult;
import dev.reactorhub.log.rocks.RemovedChannels.ChannelAndType;
import dev.reactorhub.log.rocks.StoredEventCodec.Kept;
import dev.reactorhub.log.rocks.StoredEventCodec.Removed;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Removes records from the middle of the log by the rules for channels. What is left of one is a
 * stub with its time and its running sum, so that every seq still has a record, and its channel and
 * type in {@link RemovedChannels}. Used under the lock of {@link Retention}.
 */
final class ChannelRemoval {
  /** One write removes so many records at most. */
  private static final int STEP_EVENTS = 2_000;

  private static final long STEP_BYTES = 4L << 20;

  /** One round counts so many records, and takes so many steps for each rule, at most. */
  private static final int ROUND_COUNT = 200_000;

  private static final int ROUND_STEPS = 50;

  private final RocksStore store;
  private final Meta meta;
  private final Retention.Rules settings;
  private final List<ChannelRetentionSettings> rules;
  private final RemovedChannels removed;
  private final EventReader reader;
  private final Places places;
  private ChannelMarks marks;

  private LeftInFiles left = LeftInFiles.NONE;

  /** Copies of what {@link #marks} says, for other threads. */
  private volatile long removedEvents;

  private volatile long removedBytes;

  ChannelRemoval(Meta meta, EventReader reader, Retention.Rules settings, LogRange range) {
    this.store = meta.store();
    this.meta = meta;
    this.settings = settings;
    this.rules = settings.settings().channelRetention();
    this.places = new Places(store);
    this.reader = reader;
    this.removed = reader.removed();
    this.marks = ChannelMarks.of(Meta.marks(store), rules, range);
    publish();
  }

  /** Events between the log's ends that rules have removed. Any thread. */
  long removedEvents() {
    return removedEvents;
  }

  /** Their sizes. Any thread. */
  long removedBytes() {
    return removedBytes;
  }

  /**
   * Does a bounded part of what there is to do.
   *
   * @return true when there is more
   * @throws RocksDBException when a write failed: {@link #reload} must follow, as after any failure
   */
  boolean enforce(LogRange range) throws RocksDBException {
    if (rules.isEmpty()) {
      return false;
    }
    boolean isMore = count(range);
    try (WriteOptions synced = new WriteOptions().setSync(true)) {
      for (int rule = 0; rule < rules.size(); rule++) {
        isMore |= remove(rule, synced);
      }
    } finally {
      publish();
    }
    left = left.rewriteIfLarge(store);
    return isMore;
  }

  /** Goes back to what is stored, after a write that failed. */
  void reload(LogRange range) {
    marks = ChannelMarks.of(Meta.marks(store), rules, range);
    publish();
  }

  /** Takes what a trim removes out of the count; the trim's batch makes it last. */
  void release(WriteBatch batch, long from, long to) throws RocksDBException {
    if (rules.isEmpty() && removedEvents == 0) {
      return;
    }
    places.walk(
        from,
        to,
        (seq, stored) -> {
          switch (stored) {
            case Kept kept -> {
              int rule = ruleOf(kept);
              if (rule >= 0
                  && seq <= marks.countedThrough()
                  && seq > marks.mark(rule).removedThrough) {
                marks.uncounted(rule, kept.bytes());
              }
            }
            case Removed gone -> marks.forgotten(gone.bytes());
          }
          return true;
        });
    marks.begin(to);
    meta.putMarks(batch, marks.stored());
    removed.forgetThrough(batch, to);
    publish();
  }

  /** The place up to which so many events and so many bytes are kept at least. */
  long placeOfKept(long from, long head, long events, long bytes) {
    long[] sums = new long[2];
    return places.walk(
        from,
        head,
        (seq, stored) -> {
          if (stored instanceof Kept kept) {
            sums[0]++;
            sums[1] += kept.bytes();
          }
          return sums[0] < events || sums[1] < bytes;
        });
  }

  private int ruleOf(Kept kept) {
    return ChannelRetentionSettings.ruleOf(rules, kept.record().event().channel());
  }

  private void publish() {
    removedEvents = marks.removedEvents();
    removedBytes = marks.removedBytes();
  }

  private boolean count(LogRange range) throws RocksDBException {
    long from = marks.countedThrough();
    long to = Math.min(range.head(), from + ROUND_COUNT);
    if (to > from) {
      places.walk(
          from,
          to,
          (seq, stored) -> {
            if (stored instanceof Kept kept) {
              marks.counted(ruleOf(kept), kept.bytes());
            }
            return true;
          });
      marks.countedThrough(to);
      try (WriteBatch batch = new WriteBatch();
          WriteOptions unsynced = new WriteOptions()) {
        meta.putMarks(batch, marks.stored());
        store.db().write(unsynced, batch);
      }
    }
    return to < range.head();
  }

  private boolean remove(int rule, WriteOptions synced) throws RocksDBException {
    for (int step = 0; step < ROUND_STEPS; step++) {
      if (!removeStep(rule, synced)) {
        return false;
      }
    }
    return true;
  }

  /** Returns true when there may be more. */
  private boolean removeStep(int rule, WriteOptions synced) throws RocksDBException {
    ChannelMarks.Mark mark = marks.mark(rule);
    EventFilter filter = new EventFilter(Set.of(rules.get(rule).pattern()), TypeRule.ALL);
    long from = mark.removedThrough;
    if (from >= marks.countedThrough() || !mayRemove(rule)) {
      return false;
    }
    return switch (reader.read(from, filter, new ReadLimit(STEP_EVENTS, STEP_BYTES))) {
      case ReadResult.Batch read -> {
        long through = removeOldest(rule, read, synced);
        yield through > from && through < marks.countedThrough() && through == read.through();
      }
      // A trim was published but not written: it is made good first.
      case ReadResult.Trimmed trimmed -> false;
    };
  }

  /** Removes what the rule does not keep; how far there is nothing of the rule left. */
  private long removeOldest(int rule, ReadResult.Batch read, WriteOptions synced)
      throws RocksDBException {
    ChannelMarks.Mark mark = marks.mark(rule);
    Map<ChannelAndType, Long> gone = new HashMap<>();
    long through = Math.min(read.through(), marks.countedThrough());
    try (WriteBatch batch = new WriteBatch();
        EventCursor cursor = new EventCursor(store)) {
      for (LogRecord record : read.records()) {
        Event event = record.event();
        if (record.seq() > through) {
          break;
        }
        if (ChannelRetentionSettings.ruleOf(rules, event.channel()) != rule) {
          continue;
        }
        if (!isBeyond(rule, record.storedAt())) {
          through = record.seq() - 1;
          break;
        }
        marks.removed(rule, event.sizeBytes());
        putStub(batch, record, cursor);
        gone.put(new ChannelAndType(event.channel(), event.type()), record.seq());
        left = left.with(record);
      }
      mark.removedThrough = through;
      if (!gone.isEmpty()) {
        meta.putMarks(batch, marks.stored());
        removed.put(batch, gone);
        store.db().write(synced, batch);
      }
    }
    return through;
  }

  private void putStub(WriteBatch batch, LogRecord record, EventCursor cursor)
      throws RocksDBException {
    if (!cursor.moveTo(record.seq())) {
      throw EventReader.missing(record.seq());
    }
    Removed stub =
        new Removed(record.storedAt(), cursor.stored().bytesThrough(), record.event().sizeBytes());
    batch.put(store.events(), Schema.eventKey(record.seq()), StoredEventCodec.encode(stub));
    batch.delete(store.byChannel(), Schema.indexKey(record.event().channel(), record.seq()));
  }

  /** False when the rule keeps all it has, whatever their age. */
  private boolean mayRemove(int rule) {
    return !rules.get(rule).age().isZero() || isBeyond(rule, Instant.MAX);
  }

  /** Whether the rule's oldest record, stored at this time, is more than the rule keeps. */
  private boolean isBeyond(int rule, Instant storedAt) {
    ChannelRetentionSettings bounds = rules.get(rule);
    ChannelMarks.Mark mark = marks.mark(rule);
    return (bounds.events() > 0 && mark.keptEvents > bounds.events())
        || (bounds.bytes() > 0 && mark.keptBytes > bounds.bytes())
        || (!bounds.age().isZero()
            && storedAt.isBefore(settings.clock().instant().minus(bounds.age())));
  }
}
