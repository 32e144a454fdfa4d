/**
 * Proves a run of the hub from the outside: {@link dev.reactorhub.history.History} records every
 * publish and every delivery, and {@link dev.reactorhub.history.HistoryChecker} holds them against
 * the log that is left in the end, in time linear in what was recorded. Test support; knows of the
 * product only the position.
 */
@NullMarked
package dev.reactorhub.history;

import org.jspecify.annotations.NullMarked;
