/** Tests of the package of the same name. */
@NullMarked
package dev.reactorhub.app;

import org.jspecify.annotations.NullMarked;
