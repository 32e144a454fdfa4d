package dev.reactorhub.hub;

/** The forms in which events leave the hub. An event is encoded at most once in each. */
public enum WireForm {
  /** The Reactor JSON form alone. */
  JSON,
  /** A complete WebSocket text frame, header and all, holding the Reactor JSON form. */
  WEBSOCKET,
  /** A complete server-sent event: {@code id:} and {@code data:} lines and the empty line. */
  SSE,
  /** The field {@code events} of the gRPC message EventBatch: tag, length and Event. */
  GRPC
}
