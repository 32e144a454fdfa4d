/** Tests of the package of the same name. */
@NullMarked
package dev.reactorhub.hub;

import org.jspecify.annotations.NullMarked;
