/**
 * The forms of events and commands that the faces share: Reactor JSON, CloudEvents, protobuf, the
 * commands of a stream, and the one table of error codes. Open {@link
 * dev.reactorhub.wire.ErrorCode} and {@link dev.reactorhub.wire.Publishing} first. Turns bytes into
 * values and back; holds no connection and no thread.
 */
@NullMarked
package dev.reactorhub.wire;

import org.jspecify.annotations.NullMarked;
