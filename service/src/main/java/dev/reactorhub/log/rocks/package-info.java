/**
 * The durable log on the local disk: RocksDB with one writer and group commit. Open {@link
 * dev.reactorhub.log.rocks.RocksEventLog} first; {@code Schema} says what is stored where. Depends
 * on {@code log.engine}. Threads: the appender and the housekeeping of {@code log.engine}; readers
 * are the callers' own and hold their carrier while RocksDB reads.
 */
@NullMarked
package dev.reactorhub.log.rocks;

import org.jspecify.annotations.NullMarked;
