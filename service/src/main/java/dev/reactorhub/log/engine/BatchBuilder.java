package dev.reactorhub.log.engine;

import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.log.ReadResult;
import java.util.ArrayList;
import java.util.List;

/** Gathers what one read returns, within its limit and within what it may look through. */
public final class BatchBuilder {
  /** How many records one read looks at. */
  private static final int LOOKS_MAX = 10_000;

  /** How many bytes of records one read looks at. */
  private static final long LOOKED_BYTES_MAX = 4L << 20;

  private final ReadLimit limit;
  private final List<LogRecord> records = new ArrayList<>();
  private long bytes;
  private int looks;
  private long lookedBytes;
  private long through;
  private long removedThrough;

  /** Starts a batch for a read after a place. */
  public BatchBuilder(long afterSeq, ReadLimit limit) {
    this.through = afterSeq;
    this.limit = limit;
  }

  /** Adds a matching record; false when it does not fit, and then the batch is complete. */
  public boolean add(LogRecord record) {
    long size = record.event().sizeBytes();
    if (isFull() || (!records.isEmpty() && bytes + size > limit.bytesMax())) {
      return false;
    }
    records.add(record);
    bytes += size;
    through = record.seq();
    return true;
  }

  /** Tells that everything up to and including this seq was looked at. */
  public void lookedThrough(long seq) {
    through = seq;
  }

  /** Tells the newest matching event after the start that channel retention removed; 0: none. */
  public void removedThrough(long seq) {
    removedThrough = seq;
  }

  /** Counts work: records looked at, or seeks, and their bytes. */
  public void spend(int looksMore, long bytesMore) {
    looks += looksMore;
    lookedBytes += bytesMore;
  }

  /** True when nothing more may be added or looked at. */
  public boolean isDone() {
    return isFull() || looks >= LOOKS_MAX || lookedBytes >= LOOKED_BYTES_MAX;
  }

  /** The result so far. */
  public ReadResult.Batch build() {
    return new ReadResult.Batch(records, through, removedThrough);
  }

  private boolean isFull() {
    return records.size() >= limit.eventsMax();
  }
}
