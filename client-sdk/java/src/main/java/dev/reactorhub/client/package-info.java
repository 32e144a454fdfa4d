/**
 * Publishes events to a Reactor Hub and receives them.
 *
 * <p>Open {@link dev.reactorhub.client.ReactorClient} first. Values are immutable; the client is
 * safe for any thread; a subscription calls its listener on one thread of its own, in log order.
 * Nothing here depends on the hub's own code.
 */
@NullMarked
package dev.reactorhub.client;

import org.jspecify.annotations.NullMarked;
