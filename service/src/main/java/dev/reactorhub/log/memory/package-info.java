/**
 * The log in memory: for tests, trials, and hubs that may forget. Open {@link
 * dev.reactorhub.log.memory.MemoryEventLog}. Depends on {@code log.engine}.
 */
@NullMarked
package dev.reactorhub.log.memory;

import org.jspecify.annotations.NullMarked;
