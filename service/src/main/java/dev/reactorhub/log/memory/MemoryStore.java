package dev.reactorhub.log.memory;

import dev.reactorhub.log.ChannelRetentionSettings;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.engine.RecordStore;
import dev.reactorhub.log.engine.Remembered;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The records by seq, and the newest ids. */
final class MemoryStore implements RecordStore {
  private final LogSettings settings;
  private final ConcurrentSkipListMap<Long, LogRecord> records = new ConcurrentSkipListMap<>();
  private final RemovedChannels removed = new RemovedChannels();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong count = new AtomicLong();

  /** All that ever went. Guarded by the lock of retention. */
  private long gone;

  /** The newest {@code dedupIdsMax} ids, oldest first. Appender's thread only. */
  private final LinkedHashMap<String, Remembered> ids = new LinkedHashMap<>();

  private final Map<String, byte[]> cursors = new ConcurrentHashMap<>();

  /** Set before the appender starts. */
  private Runnable overfull = () -> {};

  MemoryStore(LogSettings settings) {
    this.settings = settings;
  }

  /** What to do when more is kept than retention allows. */
  void onOverfull(Runnable action) {
    overfull = action;
  }

  @Override
  public long lastStoredAtMillis() {
    return 0;
  }

  @Override
  public Map<String, Remembered> remembered(Collection<String> wanted) {
    Map<String, Remembered> found = new HashMap<>();
    for (String id : wanted) {
      Remembered entry = ids.get(id);
      if (entry != null) {
        found.put(id, entry);
      }
    }
    return found;
  }

  @Override
  public Outcome store(List<LogRecord> fresh, Map<String, Optional<byte[]>> changes) {
    changes.forEach(
        (name, state) ->
            state.ifPresentOrElse(
                kept -> cursors.put(name, kept.clone()), () -> cursors.remove(name)));
    for (LogRecord record : fresh) {
      records.put(record.seq(), record);
      bytes.addAndGet(record.event().sizeBytes());
      count.incrementAndGet();
      ids.putLast(
          record.event().id(), new Remembered(record.seq(), record.storedAt().toEpochMilli()));
      if (ids.size() > settings.dedupIdsMax()) {
        ids.pollFirstEntry();
      }
    }
    if (isOverfull(bytes.get(), count.get())) {
      overfull.run();
    }
    return new Outcome.Stored();
  }

  /** The records after a place, up to the head. */
  Iterable<LogRecord> after(long afterSeq, long head) {
    return records.subMap(afterSeq, false, head, true).values();
  }

  /** See {@link dev.reactorhub.log.EventLog#seqBefore}. */
  long seqBefore(Instant storedAt, long earliest, long head) {
    long before = earliest;
    long from = head + 1;
    while (before + 1 < from) {
      long middle = (before + from) >>> 1;
      // A record that was removed is not younger than the next one that stays.
      Map.Entry<Long, LogRecord> entry = records.ceilingEntry(middle);
      if (entry == null || entry.getValue().storedAt().isBefore(storedAt)) {
        before = middle;
      } else {
        from = middle;
      }
    }
    return before;
  }

  /** The named cursors. Any thread. */
  Map<String, byte[]> cursors() {
    Map<String, byte[]> copy = new TreeMap<>();
    cursors.forEach((name, state) -> copy.put(name, state.clone()));
    return copy;
  }

  long sizeBytes() {
    return bytes.get();
  }

  /** The seq before the oldest record that retention keeps. */
  long earliestToKeep(LogRange range, Instant now) {
    long earliest = range.earliest();
    if (!settings.retentionAge().isZero()) {
      earliest =
          Math.max(earliest, seqBefore(now.minus(settings.retentionAge()), earliest, range.head()));
    }
    long keptBytes = bytes.get();
    long keptEvents = count.get();
    // The rules for channels have not seen yet what is stored beyond the head.
    for (LogRecord record : records.tailMap(range.head(), false).values()) {
      keptBytes -= record.event().sizeBytes();
      keptEvents--;
    }
    for (LogRecord record : after(range.earliest(), range.head())) {
      if (record.seq() > earliest && !isOverfull(keptBytes, keptEvents)) {
        break;
      }
      keptBytes -= record.event().sizeBytes();
      keptEvents--;
      earliest = Math.max(earliest, record.seq());
    }
    return earliest;
  }

  /** Removes what the rules for channels do not keep, from the newest record backwards. */
  void applyRules(LogRange range, Instant now) {
    List<ChannelRetentionSettings> rules = settings.channelRetention();
    if (rules.isEmpty()) {
      return;
    }
    long[] keptEvents = new long[rules.size()];
    long[] keptBytes = new long[rules.size()];
    for (LogRecord record : records.headMap(range.head(), true).descendingMap().values()) {
      int i = ChannelRetentionSettings.ruleOf(rules, record.event().channel());
      if (i < 0) {
        continue;
      }
      ChannelRetentionSettings rule = rules.get(i);
      keptEvents[i]++;
      keptBytes[i] += record.event().sizeBytes();
      boolean isBeyond =
          (rule.events() > 0 && keptEvents[i] > rule.events())
              || (rule.bytes() > 0 && keptBytes[i] > rule.bytes())
              || (!rule.age().isZero() && record.storedAt().isBefore(now.minus(rule.age())));
      if (isBeyond) {
        removed.put(record);
        remove(record);
      }
    }
  }

  /** What the rules for channels removed. */
  RemovedChannels removed() {
    return removed;
  }

  void removeThrough(long seq) {
    records.headMap(seq, true).values().forEach(this::remove);
    removed.forgetThrough(seq);
  }

  private void remove(LogRecord record) {
    records.remove(record.seq());
    bytes.addAndGet(-record.event().sizeBytes());
    count.decrementAndGet();
    gone++;
  }

  /** How many records were removed since the log was made. Retention's thread. */
  long gone() {
    return gone;
  }

  private boolean isOverfull(long keptBytes, long keptEvents) {
    return (settings.retentionBytes() > 0 && keptBytes > settings.retentionBytes())
        || (settings.retentionEvents() > 0 && keptEvents > settings.retentionEvents());
  }
}
