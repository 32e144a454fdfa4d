package dev.reactorhub.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket to the hub. */
public final class WebSocketClient extends StreamClient {
  private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
  private final WebSocket socket;

  private WebSocketClient(WebSocket.Builder builder, URI uri) {
    this.socket = join(builder.buildAsync(uri, new Listener()));
  }

  /**
   * Connects.
   *
   * @param headers names and values in turn
   * @throws UncheckedIOException when it cannot, or is refused: the cause tells the status
   */
  public static WebSocketClient open(HttpClient http, URI uri, String... headers) {
    WebSocket.Builder builder = http.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return new WebSocketClient(builder, uri);
  }

  /**
   * Sends a message whole.
   *
   * @throws UncheckedIOException when the connection broke
   */
  public void send(String message) {
    join(socket.sendText(message, true));
  }

  /** Sends and takes the next message. */
  public String ask(String message) {
    send(message);
    return next();
  }

  /** The code with which the hub closed the connection; waits for it, and fails when none comes. */
  public int closeCode() {
    return closeCode.copy().orTimeout(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  /** The connection itself, for what is not offered here. */
  public WebSocket socket() {
    return socket;
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static WebSocket join(CompletableFuture<WebSocket> done) {
    try {
      return done.join();
    } catch (CompletionException e) {
      throw new UncheckedIOException(
          e.getCause() instanceof IOException failure ? failure : new IOException(e));
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        told(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closeCode.complete(code);
      ended();
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      closeCode.completeExceptionally(failure);
      ended();
    }
  }
}
