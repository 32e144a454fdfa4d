/** Tests of the package of the same name. */
@NullMarked
package dev.reactorhub.event;

import org.jspecify.annotations.NullMarked;
