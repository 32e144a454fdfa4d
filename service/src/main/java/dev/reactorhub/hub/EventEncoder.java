package dev.reactorhub.hub;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.log.LogRecord;

/** Turns a record into the bytes of a wire form. Called from any thread. */
@FunctionalInterface
public interface EventEncoder {
  /** The bytes, which the caller then owns and shares, never writing to them. */
  byte[] encode(WireForm form, Epoch epoch, LogRecord record);
}
