/**
 * Clients of the hub's streams that keep what they are told, for the tests of every package. Test
 * support; knows nothing of the product's code. Open {@link dev.reactorhub.stream.StreamClient}
 * first.
 */
@NullMarked
package dev.reactorhub.stream;

import org.jspecify.annotations.NullMarked;
