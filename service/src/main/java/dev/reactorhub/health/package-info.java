/**
 * What threads and parts say of their own state, below everything else. Open {@link
 * dev.reactorhub.health.Pulse} first. Depends on nothing; any thread.
 */
@NullMarked
package dev.reactorhub.health;

import org.jspecify.annotations.NullMarked;
