/** Benchmarks of the pieces that run once per event or once per delivery. Run by JMH. */
@NullMarked
package dev.reactorhub.bench;

import org.jspecify.annotations.NullMarked;
