/** Tests of the package of the same name. */
@NullMarked
package dev.reactorhub.observe;

import org.jspecify.annotations.NullMarked;
