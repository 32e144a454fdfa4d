/**
 * The event, its names, its position, and the filters that choose events. Values only: no input or
 * output, no threads. Open {@link dev.reactorhub.event.Event} first. Depends on nothing of the hub.
 */
@NullMarked
package dev.reactorhub.event;

import org.jspecify.annotations.NullMarked;
