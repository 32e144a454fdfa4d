package dev.reactorhub.workload;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket to the hub, from which text messages are taken one after another. */
final class Messages implements AutoCloseable, WebSocket.Listener {
  /** Nothing the hub has to say takes longer, a disk that is slow included. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  /** Longer than any message here can be mistaken for. */
  private static final String END = "<end>";

  private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  Messages(HttpClient http, Endpoint endpoint, String query) throws Broken {
    try {
      socket = http.newWebSocketBuilder().buildAsync(endpoint.webSocket(query), this).join();
    } catch (CompletionException e) {
      throw new Broken(e);
    }
  }

  /** The next message, when it has come whole. */
  String next() throws Broken {
    try {
      String message = messages.poll(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
      if (message == null) {
        throw new AssertionError("the hub said nothing for " + ANSWER_MAX);
      }
      if (message.equals(END)) {
        throw new Broken("the WebSocket ended");
      }
      return message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Broken(e);
    }
  }

  void send(String message) throws Broken {
    try {
      socket.sendText(message, true).join();
    } catch (CompletionException e) {
      throw new Broken(e);
    }
  }

  @Override
  public void close() {
    socket.abort();
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
    messages.add(END);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    messages.add(END);
  }
}
