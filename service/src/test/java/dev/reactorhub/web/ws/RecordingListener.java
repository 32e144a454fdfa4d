package dev.reactorhub.web.ws;

import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Notes what it is told, in order. */
final class RecordingListener implements WsListener {
  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private final CompletableFuture<WsConnection> connection = new CompletableFuture<>();

  /** The next call, waiting for it; empty after ten seconds. */
  String next() throws InterruptedException {
    String call = calls.poll(10, TimeUnit.SECONDS);
    return call == null ? "" : call;
  }

  boolean hasMore() {
    return !calls.isEmpty();
  }

  WsConnection connection() {
    return connection.orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public void onOpen(WsSession session) {
    connection.complete((WsConnection) session);
    calls.add("open");
  }

  @Override
  public void onMessage(WsSession session, String text, boolean last) {
    if (text.equals("throw")) {
      throw new IllegalStateException("as told");
    }
    calls.add("text " + text);
  }

  @Override
  public void onMessage(WsSession session, BufferData buffer, boolean last) {
    calls.add("binary " + buffer.available());
  }

  @Override
  public void onPing(WsSession session, BufferData buffer) {
    calls.add("ping " + buffer.available());
  }

  @Override
  public void onPong(WsSession session, BufferData buffer) {
    calls.add("pong " + buffer.available());
  }

  @Override
  public void onClose(WsSession session, int status, String reason) {
    calls.add("close " + status + " " + reason);
  }

  @Override
  public void onError(WsSession session, Throwable t) {
    calls.add("error " + t.getClass().getSimpleName());
  }
}
