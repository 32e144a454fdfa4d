/** Tests of the service as a whole: its architecture. */
@NullMarked
package dev.reactorhub;

import org.jspecify.annotations.NullMarked;
