package dev.reactorhub.web;

import dev.reactorhub.web.ws.FrameSink;
import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Helidon's listener of one {@code /ws/stream} connection. Connection thread only. */
final class WebSocketListener implements WsListener {
  private static final int UNSUPPORTED_DATA_CODE = 1003;
  private static final int ABNORMAL_CODE = 1006;

  private final StreamSessions sessions;
  private final long openedAtNanos = System.nanoTime();
  private @Nullable WebSocketSession stream;

  WebSocketListener(StreamSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public void onOpen(WsSession session) {
    FrameSink sink = (FrameSink) session;
    stream = WebSocketSession.open(sessions, sink, (StreamRequest) sink.attachment());
  }

  @Override
  public void onMessage(WsSession session, String text, boolean last) {
    if (stream != null) {
      stream.onMessage(text);
    }
  }

  @Override
  public void onMessage(WsSession session, BufferData buffer, boolean last) {
    ((FrameSink) session).closeWith(UNSUPPORTED_DATA_CODE, "commands are text messages");
  }

  @Override
  public void onClose(WsSession session, int status, String reason) {
    ended(status);
  }

  @Override
  public void onError(WsSession session, Throwable failure) {
    ended(ABNORMAL_CODE);
  }

  private void ended(int code) {
    if (stream != null) {
      stream.onClosed(code, Duration.ofNanos(System.nanoTime() - openedAtNanos));
      stream = null;
    }
  }
}
