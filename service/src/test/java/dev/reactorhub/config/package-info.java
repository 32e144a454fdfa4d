/** Tests of the configuration and of its documentation. */
@NullMarked
package dev.reactorhub.config;

import org.jspecify.annotations.NullMarked;
