package dev.reactorhub.client;

/** How the connection to one endpoint stands; see {@link ConnectionListener}. */
public enum ConnectionState {
  /** Not connected, and nothing has asked for it since it was last. */
  IDLE,

  /** On the way to be connected: names are looked up, keys exchanged. */
  CONNECTING,

  /** Connected. */
  CONNECTED,

  /** The last attempt failed, or the connection broke while it was needed. */
  UNREACHABLE,

  /** The client is closed. The last state. */
  CLOSED
}
