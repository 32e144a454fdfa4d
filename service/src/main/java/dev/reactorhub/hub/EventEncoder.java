package dev.reactorhub.hub;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.log.LogRecord;

/**
 * Turns a record into the bytes of a wire form, which the caller then owns and shares, never
 * writing to them. Called from any thread.
 */
public interface EventEncoder {
  /** An event that leaves alone. */
  byte[] encode(WireForm form, Epoch epoch, LogRecord record);

  /** An event that leaves together with others. */
  byte[] encode(BatchForm form, Epoch epoch, LogRecord record);
}
