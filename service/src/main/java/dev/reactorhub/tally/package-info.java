/**
 * What is counted while the hub works, at the cost of an addition or two: {@link
 * dev.reactorhub.tally.Tally} by kind, {@link dev.reactorhub.tally.Histogram} by size. Each part
 * holds its own and shows them; {@code observe} reads them when metrics are asked for. Depends on
 * nothing of the hub, and every part may use it. Any thread.
 */
@NullMarked
package dev.reactorhub.tally;

import org.jspecify.annotations.NullMarked;
