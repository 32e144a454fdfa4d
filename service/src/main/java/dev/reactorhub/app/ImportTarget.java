package dev.reactorhub.app;

import dev.reactorhub.log.LogFailedException;

/** Where the lines of an import go. One thread. */
interface ImportTarget extends AutoCloseable {
  /**
   * Takes a line; it is stored at the next {@link #flush} at the latest.
   *
   * @throws dev.reactorhub.wire.ProblemException when the line is none: it was not taken
   */
  void take(byte[] line);

  /** The bytes of the lines, about, that were taken and not yet stored. */
  long pendingBytes();

  /**
   * Stores what was taken.
   *
   * @throws LogFailedException when it could not: nothing of it is stored
   */
  void flush();

  /** How many events were stored. */
  long stored();

  /** How many events were left out, since their ids are remembered. */
  long duplicates();

  @Override
  void close();
}
