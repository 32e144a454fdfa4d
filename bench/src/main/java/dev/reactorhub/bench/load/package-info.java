/**
 * {@code ./hub bench}: the hub under load beside a reference server, in one run on one machine.
 * Every figure is a ratio between the two; times alone say more about the machine than about the
 * hub.
 */
@NullMarked
package dev.reactorhub.bench.load;

import org.jspecify.annotations.NullMarked;
