/**
 * The one durable log: append, read after a place, follow the tail, retain. Open {@link
 * dev.reactorhub.log.EventLog} first. Engines ({@code log.memory}, {@code log.rocks}) implement it
 * and all pass the same contract test. Depends on {@code event} only.
 */
@NullMarked
package dev.reactorhub.log;

import org.jspecify.annotations.NullMarked;
