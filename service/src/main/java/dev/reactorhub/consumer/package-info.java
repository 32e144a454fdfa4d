/**
 * Durable consumers: named cursors whose clients acknowledge what they have dealt with. Open {@link
 * dev.reactorhub.consumer.Consumers} first, then {@link dev.reactorhub.consumer.Ledger}, which
 * decides what is given to whom and again. Depends on {@code hub}, {@code log} and {@code event};
 * knows no wire format but that of its dead letters, and no transport. Any thread calls; what waits
 * for the log runs on virtual threads.
 */
@NullMarked
package dev.reactorhub.consumer;

import org.jspecify.annotations.NullMarked;
