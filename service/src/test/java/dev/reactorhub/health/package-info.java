/** Tests of the package of the same name. */
@NullMarked
package dev.reactorhub.health;

import org.jspecify.annotations.NullMarked;
