package dev.reactorhub.log;

import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.health.Pulse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One ordered, durable log of events. Any thread may call any method.
 *
 * <p>Nobody sees a record before it is durable as configured: {@link #range}, {@link #read} and the
 * {@link TailListener} all end at the same committed head, so no crash can take back what was seen.
 */
public interface EventLog extends AutoCloseable {
  /** The epoch, the oldest and the newest place. Never blocks. */
  LogRange range();

  /**
   * Appends events as one unit: they get consecutive places and are stored together or not at all.
   * An event whose id was stored within the dedup window (or stands earlier in the same list) is
   * not stored again. Appends of one thread are stored in the order of the calls.
   *
   * <p>Blocks the caller while more than the configured bytes wait to be written.
   *
   * @param events one or more
   * @return completes once durable, on the log's own thread: a dependent action must not block
   */
  CompletableFuture<AppendResult> append(List<Event> events);

  /**
   * Reads committed records after a place, oldest first. Looks through a bounded part of the log: a
   * batch may be empty though matching records follow, with {@code through} moved on.
   *
   * @param afterSeq 0 to the head
   * @throws IllegalArgumentException when {@code afterSeq} is negative or beyond the head
   * @throws IllegalStateException when the log is closed
   * @throws LogFailedException when stored bytes are damaged or cannot be read
   */
  ReadResult read(long afterSeq, EventFilter filter, ReadLimit limit);

  /**
   * The place after which all records stored at or after the time stand: reading after it yields
   * them. The head when there is none.
   */
  long seqBefore(Instant storedAt);

  /**
   * Sets the one follower of the tail and returns the range at that moment: the listener gets
   * exactly the records after its head.
   *
   * @throws IllegalStateException when a listener is set already
   */
  LogRange follow(TailListener listener);

  /** The places of durable consumers, kept beside the records and as durably. */
  NamedCursors cursors();

  /** Whether the log works; a full disk heals by itself. Never blocks. */
  LogHealth health();

  /** The state of the threads without which the log does not work. Never blocks. */
  List<Pulse> pulses();

  /** How many bytes the records take: on disk for a durable engine, in memory otherwise. */
  long sizeBytes();

  /** What the log did since it was opened. */
  LogFigures figures();

  /**
   * Stops taking appends, finishes and completes those taken, and releases the store. Idempotent.
   */
  @Override
  void close();
}
