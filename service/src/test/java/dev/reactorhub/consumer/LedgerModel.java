package dev.reactorhub.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.consumer.Definition.Mode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Ledger} must do, said in the simplest way: one row an event, looked through from
 * end to end. Checks each thing that is given, and follows what becomes of it.
 */
final class LedgerModel {
  private final Mode mode;
  private final int attemptsMax;
  private final TreeMap<Long, Row> rows = new TreeMap<>();
  private final Map<Object, Long> newestTold = new HashMap<>();
  final List<Long> parked = new ArrayList<>();

  LedgerModel(Mode mode, int attemptsMax) {
    this.mode = mode;
    this.attemptsMax = attemptsMax;
  }

  /** One event. */
  private static final class Row {
    final long seq;
    final String lane;
    @Nullable Object holder;
    long toldBefore;
    long deadline;
    boolean isDone;
    boolean isParking;
    boolean wasGiven;
    int failures;

    Row(long seq, String lane) {
      this.seq = seq;
      this.lane = lane;
    }
  }

  void add(long seq, String key) {
    rows.put(seq, new Row(seq, mode == Mode.EXCLUSIVE ? "" : key));
  }

  /** A holder comes, and is told that everything up to a seq is done. */
  void opened(Object holder, long told) {
    newestTold.put(holder, told);
  }

  /** Checks that an event may be given to a holder now. */
  void given(long seq, Object holder, int attempt, long deadline) {
    Row row = row(seq);
    assertThat(row.isDone).as("%d is done", seq).isFalse();
    assertThat(row.isParking).as("%d is on its way to the dead letters", seq).isFalse();
    assertThat(row.holder).as("%d is outstanding", seq).isNull();
    assertThat(attempt).as("attempt of %d", seq).isEqualTo(row.failures + 1);
    for (Row before : rows.headMap(seq).values()) {
      if (before.lane.equals(row.lane) && !before.isDone) {
        assertThat(before.holder)
            .as("%d comes before %d, of the same lane, and is not with the same", before.seq, seq)
            .isSameAs(holder);
      }
    }
    row.holder = holder;
    row.toldBefore = newestTold.getOrDefault(holder, 0L);
    newestTold.merge(holder, seq, Math::max);
    row.deadline = deadline;
    row.wasGiven = true;
  }

  void acknowledged(long seq) {
    Row row = rows.get(seq);
    if (row != null && row.wasGiven && !row.isDone) {
      row.isDone = true;
      row.isParking = false;
      row.holder = null;
    }
  }

  /** A delivery failed. */
  void failed(long seq) {
    Row row = row(seq);
    takeBack(row);
    row.failures++;
    row.isParking = row.failures >= attemptsMax;
  }

  /** What comes after it in its lane, and is with the same, waits again, and so does it. */
  private void takeBack(Row first) {
    for (Row row : rows.tailMap(first.seq, true).values()) {
      if (row.lane.equals(first.lane)) {
        row.holder = null;
      }
    }
  }

  /** The seqs that a holder has, rising. */
  List<Long> heldBy(Object holder) {
    return rows.values().stream()
        .filter(row -> holder.equals(row.holder))
        .map(row -> row.seq)
        .toList();
  }

  /** Those of them that it means when it speaks of all up to a seq: it has seen them. */
  List<Long> seenBy(Object holder, long through) {
    Row last = rows.get(through);
    return heldBy(holder).stream()
        .map(this::row)
        .filter(row -> row.seq <= through)
        .filter(
            row ->
                mode == Mode.EXCLUSIVE
                    || row.seq == through
                    || row.toldBefore < through
                    || (last != null && !last.isDone && last.lane.equals(row.lane)))
        .map(row -> row.seq)
        .toList();
  }

  void extended(long seq, long deadline) {
    row(seq).deadline = deadline;
  }

  /** The holder leaves. */
  void left(Object holder, boolean isFailure) {
    Map<String, Long> oldest = new HashMap<>();
    for (long seq : heldBy(holder)) {
      oldest.putIfAbsent(row(seq).lane, seq);
    }
    for (long seq : heldBy(holder)) {
      row(seq).holder = null;
    }
    if (isFailure) {
      oldest.values().forEach(this::failed);
    }
  }

  /** Takes back what is overdue; returns the holders that were late. */
  List<Object> expired(long now) {
    List<Object> late = new ArrayList<>();
    while (true) {
      Row overdue = null;
      for (Row row : rows.values()) {
        boolean isEarlier = overdue == null || row.deadline < overdue.deadline;
        if (row.holder != null && row.deadline <= now && isEarlier) {
          overdue = row;
        }
      }
      if (overdue == null) {
        return late;
      }
      late.add(overdue.holder);
      failed(overdue.seq);
    }
  }

  void parked(long seq, boolean isTold) {
    Row row = row(seq);
    assertThat(isTold).as("%d is parked", seq).isEqualTo(row.isParking);
    if (row.isParking) {
      row.isParking = false;
      row.isDone = true;
      parked.add(seq);
    }
  }

  /** The process starts anew: nobody has anything. */
  void restarted() {
    for (Row row : rows.values()) {
      row.holder = null;
      row.wasGiven = false;
    }
  }

  boolean isAllDone() {
    return rows.values().stream().allMatch(row -> row.isDone);
  }

  /** The newest seq before the first that is not done, of those that were read. */
  long floor(long readThrough) {
    for (Row row : rows.values()) {
      if (!row.isDone) {
        return Math.min(row.seq - 1, readThrough);
      }
    }
    return readThrough;
  }

  private Row row(long seq) {
    Row row = rows.get(seq);
    if (row == null) {
      throw new AssertionError(seq + " was never added");
    }
    return row;
  }
}
