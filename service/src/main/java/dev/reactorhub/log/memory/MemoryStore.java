package dev.reactorhub.log.memory;

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
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The records by seq, and the newest ids. */
final class MemoryStore implements RecordStore {
  private final LogSettings settings;
  private final ConcurrentSkipListMap<Long, LogRecord> records = new ConcurrentSkipListMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong count = new AtomicLong();

  /** The newest {@code dedupIdsMax} ids, oldest first. Appender's thread only. */
  private final LinkedHashMap<String, Remembered> ids = new LinkedHashMap<>();

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
  public Outcome store(List<LogRecord> fresh) {
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
    if (isOverfull()) {
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
      LogRecord record = records.get(middle);
      // A record that retention has just removed is older than all that stay.
      if (record == null || record.storedAt().isBefore(storedAt)) {
        before = middle;
      } else {
        from = middle;
      }
    }
    return before;
  }

  long sizeBytes() {
    return bytes.get();
  }

  /** The seq before the oldest record that retention keeps. */
  long earliestToKeep(LogRange range, Instant now) {
    long earliest = range.earliest();
    if (settings.retentionEvents() > 0) {
      earliest = Math.max(earliest, range.head() - settings.retentionEvents());
    }
    if (!settings.retentionAge().isZero()) {
      earliest =
          Math.max(earliest, seqBefore(now.minus(settings.retentionAge()), earliest, range.head()));
    }
    if (settings.retentionBytes() > 0) {
      long kept = bytes.get();
      for (LogRecord record : after(range.earliest(), range.head())) {
        if (record.seq() > earliest && kept <= settings.retentionBytes()) {
          break;
        }
        kept -= record.event().sizeBytes();
        earliest = Math.max(earliest, record.seq());
      }
    }
    return earliest;
  }

  void removeThrough(long seq) {
    ConcurrentNavigableMap<Long, LogRecord> gone = records.headMap(seq, true);
    for (LogRecord record : gone.values()) {
      bytes.addAndGet(-record.event().sizeBytes());
      count.decrementAndGet();
    }
    gone.clear();
  }

  private boolean isOverfull() {
    return (settings.retentionBytes() > 0 && bytes.get() > settings.retentionBytes())
        || (settings.retentionEvents() > 0 && count.get() > settings.retentionEvents());
  }
}
