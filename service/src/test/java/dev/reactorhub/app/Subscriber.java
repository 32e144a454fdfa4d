package dev.reactorhub.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** One who listens, over WebSocket or SSE, and writes down what it is told. */
final class Subscriber implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
  private volatile boolean isEnded;
  private Runnable end = () -> {};

  private Subscriber() {}

  static Subscriber overWebSocket(HubProcess hub, String query) {
    Subscriber subscriber = new Subscriber();
    URI uri = URI.create("ws://127.0.0.1:" + hub.port() + "/ws/stream" + query);
    WebSocket socket = HTTP.newWebSocketBuilder().buildAsync(uri, subscriber.new Listener()).join();
    subscriber.end = socket::abort;
    return subscriber;
  }

  static Subscriber overSse(HubProcess hub, String query) throws IOException, InterruptedException {
    Subscriber subscriber = new Subscriber();
    URI uri = URI.create("http://127.0.0.1:" + hub.port() + "/api/v1/stream" + query);
    InputStream body =
        HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream())
            .body();
    subscriber.end = () -> closeQuietly(body);
    Thread.ofVirtual().start(() -> subscriber.read(body));
    return subscriber;
  }

  /** All that it was told, events and the rest. */
  List<JsonNode> messages() {
    return List.copyOf(messages);
  }

  /** How often it was told something of this type. */
  long count(String type) {
    return messages.stream().filter(m -> m.path("type").asText().equals(type)).count();
  }

  boolean isEnded() {
    return isEnded;
  }

  @Override
  public void close() {
    end.run();
  }

  private void read(InputStream body) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        if (line.startsWith("data: ")) {
          messages.add(MAPPER.readTree(line.substring("data: ".length())));
        }
        line = lines.readLine();
      }
    } catch (IOException e) {
      // The stream's end, as any other.
    }
    isEnded = true;
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          messages.add(MAPPER.readTree(text.toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      isEnded = true;
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      isEnded = true;
    }
  }
}
