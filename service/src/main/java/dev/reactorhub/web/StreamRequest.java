package dev.reactorhub.web;

import dev.reactorhub.event.EventFilter;
import dev.reactorhub.hub.Start;
import dev.reactorhub.wire.Problem;

/** What the handshake of a WebSocket asked for. */
sealed interface StreamRequest {
  /** It can be served, as far as its form goes. */
  record Valid(EventFilter filter, Start start) implements StreamRequest {}

  /** It cannot; told over the open WebSocket, since a browser hides the answer to a handshake. */
  record Invalid(Problem problem) implements StreamRequest {}
}
