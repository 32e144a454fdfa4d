@NullMarked
package dev.reactorhub.observe;

import org.jspecify.annotations.NullMarked;
