@NullMarked
package dev.reactorhub.tally;

import org.jspecify.annotations.NullMarked;
