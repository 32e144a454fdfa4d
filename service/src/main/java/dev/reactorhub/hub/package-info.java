/**
 * The hub: one window of the newest events over the log, and a cursor for every subscriber. Open
 * {@link dev.reactorhub.hub.Hub} first, then {@link dev.reactorhub.hub.Subscription}. The log's
 * thread dispatches; each subscriber's own thread polls. Depends on {@code log} and {@code event};
 * knows no wire format and no transport.
 */
@NullMarked
package dev.reactorhub.hub;

import org.jspecify.annotations.NullMarked;
