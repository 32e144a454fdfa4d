/** Tests of the package of the same name. */
@NullMarked
package dev.reactorhub.wire;

import org.jspecify.annotations.NullMarked;
