/** Tests of the command line and of its documentation. */
@NullMarked
package dev.reactorhub.cli;

import org.jspecify.annotations.NullMarked;
