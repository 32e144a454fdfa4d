package dev.reactorhub.log.engine;

import dev.reactorhub.log.LogSettings;

/**
 * What the dedup index knows of an id.
 *
 * @param seq where its event was stored last
 * @param storedAtMillis when, milliseconds since the epoch
 */
public record Remembered(long seq, long storedAtMillis) {
  /** True while the id counts as stored: within the window, and among the newest ids. */
  boolean holds(LogSettings settings, long nextSeq, long nowMillis) {
    return seq >= nextSeq - settings.dedupIdsMax()
        && nowMillis - storedAtMillis < settings.dedupWindow().toMillis();
  }
}
