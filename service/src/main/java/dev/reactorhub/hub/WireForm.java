package dev.reactorhub.hub;

/** The forms in which events leave the hub one by one. An event is encoded once in each. */
public enum WireForm {
  /** The Reactor JSON form alone. */
  JSON,
  /** A complete WebSocket text frame, header and all, holding the Reactor JSON form. */
  WEBSOCKET,
  /** A complete server-sent event: {@code id:} and {@code data:} lines and the empty line. */
  SSE
}
