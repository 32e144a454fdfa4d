package dev.reactorhub.log.engine;

import dev.reactorhub.event.Event;
import dev.reactorhub.health.Pulse;
import dev.reactorhub.log.AppendResult;
import dev.reactorhub.log.AppendResult.Reason;
import dev.reactorhub.log.AppendResult.Stored;
import dev.reactorhub.log.Appended;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.log.NamedCursors;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a log, on a platform thread of its own. Whatever waits is taken together,
 * numbered, and stored as one unit (group commit); then the head is published, the follower told,
 * and the publishers answered, in this order.
 */
public final class Appender implements AutoCloseable {
  /** Bounds the memory and the time of one group. */
  private static final long GROUP_BYTES_MAX = 4L << 20;

  private static final Logger LOGGER = System.getLogger(Appender.class.getName());

  private final LogSettings settings;
  private final InstantSource clock;
  private final LogTail tail;
  private final RecordStore store;
  private final AppendQueue queue;
  private final Thread thread;
  private final Pulse pulse = new Pulse("log-appender", Pulse.STUCK_AT_THE_DISK);

  /** Set once, by the appender's thread: nothing is stored any more. */
  private volatile boolean failed;

  /** Never decreases, whatever the clock does. Appender's thread only. */
  private long lastStoredAtMillis;

  /** Wires an appender; {@link #start} sets it going. */
  public Appender(LogSettings settings, InstantSource clock, LogTail tail, RecordStore store) {
    this.settings = settings;
    this.clock = clock;
    this.tail = tail;
    this.store = store;
    this.queue = new AppendQueue(settings.pendingBytesMax());
    this.lastStoredAtMillis = store.lastStoredAtMillis();
    this.thread = Thread.ofPlatform().name("log-appender").daemon().unstarted(this::run);
  }

  /** Starts the thread. Once. */
  public void start() {
    thread.start();
    pulse.follow(thread);
  }

  /** See {@link dev.reactorhub.log.EventLog#append}. Any thread. */
  public CompletableFuture<AppendResult> append(List<Event> events) {
    PendingAppend append = PendingAppend.of(events);
    add(append);
    return append.result();
  }

  /** Whether the thread does its work: a group is one piece of it. */
  public Pulse pulse() {
    return pulse;
  }

  /** See {@link NamedCursors#store}. Any thread. */
  public CompletableFuture<NamedCursors.Outcome> store(Map<String, Optional<byte[]>> cursors) {
    PendingCursors changes = PendingCursors.of(cursors);
    add(changes);
    return changes.result();
  }

  private void add(Pending pending) {
    if (!queue.add(pending)) {
      pending.refuse(Reason.LOG_CLOSED);
    }
  }

  /** True when a write or a sync failed: the log takes nothing more. */
  public boolean hasFailed() {
    return failed;
  }

  /**
   * Refuses new appends, stores and answers those taken, and ends the thread. Idempotent.
   *
   * @throws IllegalStateException on the appender's own thread, which cannot wait for its end
   */
  @Override
  public void close() {
    if (Thread.currentThread().equals(thread)) {
      throw new IllegalStateException("the log cannot be closed on its own thread");
    }
    queue.close();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (true) {
      List<Pending> group = queue.take(GROUP_BYTES_MAX);
      if (group.isEmpty()) {
        return;
      }
      pulse.begin();
      try {
        process(group);
      } catch (RuntimeException | Error e) {
        fail("the appender failed: " + e, e);
        refuse(group, Reason.LOG_FAILED);
      } finally {
        queue.release(group);
        pulse.end();
      }
    }
  }

  private void process(List<Pending> group) {
    if (failed) {
      refuse(group, Reason.LOG_FAILED);
      return;
    }
    List<PendingAppend> appends = new ArrayList<>(group.size());
    Map<String, Optional<byte[]>> cursors = new HashMap<>();
    for (Pending pending : group) {
      switch (pending) {
        case PendingAppend append -> appends.add(append);
        case PendingCursors changes -> cursors.putAll(changes.changes());
      }
    }
    Instant storedAt = now();
    Numbering numbering = numbering(appends, storedAt);
    List<List<Appended>> places = new ArrayList<>(appends.size());
    for (PendingAppend append : appends) {
      places.add(numbering.number(append.events()));
    }
    if (!numbering.records().isEmpty() || !cursors.isEmpty()) {
      long since = System.nanoTime();
      switch (store.store(numbering.records(), cursors)) {
        case RecordStore.Outcome.Stored() -> {
          tail.figures().committed(numbering.records().size(), System.nanoTime() - since);
          lastStoredAtMillis = storedAt.toEpochMilli();
        }
        case RecordStore.Outcome.DiskFull(String detail) -> {
          turnDiskFull(detail);
          refuse(group, Reason.DISK_FULL);
          return;
        }
        case RecordStore.Outcome.Failed(String detail) -> {
          fail(detail, null);
          refuse(group, Reason.LOG_FAILED);
          return;
        }
      }
      tail.healDiskFull();
    }
    tail.figures().duplicates(numbering.duplicates());
    publish(appends, numbering, places);
    for (Pending pending : group) {
      if (pending instanceof PendingCursors changes) {
        changes.stored();
      }
    }
  }

  private void publish(
      List<PendingAppend> group, Numbering numbering, List<List<Appended>> places) {
    try {
      if (!numbering.records().isEmpty()) {
        tail.commit(Collections.unmodifiableList(numbering.records()));
      }
    } catch (RuntimeException e) {
      // The follower has a hole from here on: nothing may be stored that it would not deliver.
      fail("the follower of the log failed: " + e, e);
    }
    for (int i = 0; i < group.size(); i++) {
      group.get(i).result().complete(new Stored(places.get(i)));
    }
  }

  private Numbering numbering(List<PendingAppend> group, Instant storedAt) {
    Set<String> ids = new LinkedHashSet<>();
    for (PendingAppend append : group) {
      for (Event event : append.events()) {
        ids.add(event.id());
      }
    }
    return new Numbering(settings, storedAt, tail.range().head(), store.remembered(ids));
  }

  private Instant now() {
    return Instant.ofEpochMilli(Math.max(lastStoredAtMillis, clock.millis()));
  }

  private void turnDiskFull(String detail) {
    if (tail.turnUnhealthy(Reason.DISK_FULL, detail)) {
      LOGGER.log(Level.ERROR, "log disk full: events are refused detail=\"" + detail + '"');
    }
  }

  private void fail(String detail, @Nullable Throwable cause) {
    failed = true;
    boolean _ = tail.turnUnhealthy(Reason.LOG_FAILED, detail);
    if (cause == null || cause instanceof LogFailedException) {
      LOGGER.log(Level.ERROR, "log failed: events are refused detail=\"" + detail + '"');
    } else {
      LOGGER.log(Level.ERROR, "log failed: events are refused detail=\"" + detail + '"', cause);
    }
  }

  private static void refuse(List<Pending> group, Reason reason) {
    for (Pending pending : group) {
      pending.refuse(reason);
    }
  }
}
