package dev.reactorhub.web.ws;

import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;

/** Sends every message back. */
final class EchoListener implements WsListener {
  @Override
  public void onMessage(WsSession session, String text, boolean last) {
    session.send(text, last);
  }

  @Override
  public void onMessage(WsSession session, BufferData buffer, boolean last) {
    session.send(buffer, last);
  }
}
