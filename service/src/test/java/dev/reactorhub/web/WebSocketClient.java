package dev.reactorhub.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket that keeps what it was told. */
final class WebSocketClient implements WebSocket.Listener {
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
  final WebSocket socket;

  WebSocketClient(WebFixture f, String query, String... headers) {
    WebSocket.Builder builder = f.http.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    URI uri = URI.create("ws://127.0.0.1:" + f.face.port() + "/ws/stream" + query);
    this.socket = builder.buildAsync(uri, this).join();
  }

  /** The status that refuses a connection. */
  static int refusal(WebFixture f, String... headers) {
    try {
      new WebSocketClient(f, "", headers).socket.abort();
      throw new AssertionError("the connection was not refused");
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  void send(String message) {
    socket.sendText(message, true).join();
  }

  /** The next message; fails when none comes. */
  String next() {
    try {
      String message = messages.poll(30, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no message came");
      }
      return message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The seq of the next message, which must be an event. */
  long nextSeq() {
    String message = next();
    int at = message.indexOf("\"seq\":");
    assertThat(at).as(message).isPositive();
    return Long.parseLong(message.substring(at + 6, message.indexOf(',', at)));
  }

  /** Sends and returns the next message. */
  String ask(String message) {
    send(message);
    return next();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      messages.add(text.toString());
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closeCode.complete(code);
    return null;
  }
}
