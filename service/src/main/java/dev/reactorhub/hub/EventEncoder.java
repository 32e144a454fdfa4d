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

  /** An element of the field {@code events} of the gRPC message EventBatch. */
  byte[] encodeForGrpc(Epoch epoch, LogRecord record);
}
