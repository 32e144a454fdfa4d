@NullMarked
package dev.reactorhub.consumer;

import org.jspecify.annotations.NullMarked;
