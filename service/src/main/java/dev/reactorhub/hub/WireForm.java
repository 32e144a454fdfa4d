package dev.reactorhub.hub;

/**
 * The forms in which events leave the hub one by one; {@link EncodedEvent#grpc} is the one in which
 * they leave in batches. An event is encoded at most once in each.
 */
public enum WireForm {
  /** The Reactor JSON form alone. */
  JSON,
  /** A complete WebSocket text frame, header and all, holding the Reactor JSON form. */
  WEBSOCKET,
  /** A complete server-sent event: {@code id:} and {@code data:} lines and the empty line. */
  SSE
}
