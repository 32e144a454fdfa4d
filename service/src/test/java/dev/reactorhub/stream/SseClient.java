package dev.reactorhub.stream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A reader of server-sent events; their data is what it is told. */
public final class SseClient extends StreamClient {
  private final InputStream body;

  private SseClient(InputStream body) {
    this.body = body;
  }

  /**
   * Connects and begins to read.
   *
   * @param headers names and values in turn
   */
  public static SseClient open(HttpClient http, URI uri, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    SseClient client =
        new SseClient(http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()).body());
    Thread.ofVirtual().start(client::read);
    return client;
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      String data = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ")) {
          data = line.substring("data: ".length());
        } else if (line.isEmpty() && !data.isEmpty()) {
          // Only a blank line makes a message of what came: the rest may have been cut.
          told(data);
          data = "";
        }
      }
    } catch (IOException e) {
      // The stream's end, as any other.
    }
    ended();
  }
}
