/**
 * What the engines of the log share: the queue of appends and its one thread, numbering with
 * deduplication, the published tail, the thread for retention. Open {@link
 * dev.reactorhub.log.engine.Appender} first. Depends on {@code log} and {@code event}; only engines
 * use it.
 */
@NullMarked
package dev.reactorhub.log.engine;

import org.jspecify.annotations.NullMarked;
