package dev.reactorhub.web;

import dev.reactorhub.health.Check;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.HubSettings;
import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.log.LogHealth;
import dev.reactorhub.log.memory.LogWithHoles;
import dev.reactorhub.log.memory.MemoryEventLog;
import dev.reactorhub.stream.WebSocketClient;
import dev.reactorhub.web.ws.WsSettings;
import dev.reactorhub.wire.EventEncoding;
import dev.reactorhub.wire.Publishing;
import dev.reactorhub.wire.WireLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The HTTP face over a log in memory, on a free port, and a client for it. */
final class WebFixture implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  final MemoryEventLog log;
  final Hub hub;
  final Sessions sessions;
  final WebFace face;
  final HttpClient http = HttpClient.newHttpClient();
  private final WebSettings settings;
  private final Publishing publishing;

  /** What a test may want other than usual. */
  record Options(
      Duration heartbeat, List<String> origins, int publishRateMax, int perAddressMax, long kept) {
    static final Options USUAL = new Options(Duration.ofSeconds(25), List.of(), 1000, 100, 0);

    Options withHeartbeat(Duration interval) {
      return new Options(interval, origins, publishRateMax, perAddressMax, kept);
    }

    Options withOrigin(String origin) {
      return new Options(heartbeat, List.of(origin), publishRateMax, perAddressMax, kept);
    }

    Options withPublishRate(int eventsPerSecond) {
      return new Options(heartbeat, origins, eventsPerSecond, perAddressMax, kept);
    }

    Options withSessionsPerAddress(int max) {
      return new Options(heartbeat, origins, publishRateMax, max, kept);
    }

    Options withEventsKept(long events) {
      return new Options(heartbeat, origins, publishRateMax, perAddressMax, events);
    }
  }

  WebFixture() {
    this(Options.USUAL);
  }

  WebFixture(Options options) {
    InstantSource clock = InstantSource.fixed(NOW);
    this.log = LogWithHoles.open(options.kept(), clock);
    this.hub = new Hub(log, new EventEncoding(), new HubSettings(64, 8 << 20, 2));
    this.sessions = new Sessions(1000, options.perAddressMax());
    WireLimits limits = new WireLimits(1 << 20, 100, 4, 4, 1000);
    this.settings =
        new WebSettings(
            "127.0.0.1",
            0,
            "Connected to PulseAI Reactor",
            options.heartbeat(),
            options.origins(),
            options.publishRateMax(),
            2000,
            limits,
            new WsSettings(
                limits.messageBytesMax(),
                Duration.ofSeconds(25),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30)));
    this.publishing = new Publishing(hub, limits, clock);
    this.face =
        new WebFace(
            settings,
            new WebFace.Parts(hub, publishing, sessions, clock, this::readiness),
            List.of());
    face.start();
  }

  /** What the hub itself would say of the log. */
  private List<Check> readiness() {
    return List.of(
        switch (hub.logHealth()) {
          case LogHealth.Healthy _ -> new Check("log", true, "the log takes events");
          case LogHealth.Unhealthy unhealthy -> new Check("log", false, unhealthy.detail());
        });
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + face.port() + path);
  }

  String epoch() {
    return log.range().epoch().value();
  }

  /** A position of this log. */
  String position(long seq) {
    return epoch() + "." + seq;
  }

  HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  HttpResponse<String> post(String contentType, String body, String... headers) {
    return send(
        request("/api/v1/events", headers)
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> postBytes(byte[] body) {
    return send(
        request("/api/v1/events")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body)));
  }

  /** Publishes an event and returns its seq. */
  long publish(String channel, String type) {
    String body = "{\"type\":\"" + type + "\",\"channel\":\"" + channel + "\"}";
    String answer = post("application/json", body).body();
    int at = answer.indexOf("\"seq\":") + 6;
    return Long.parseLong(answer.substring(at, answer.indexOf(',', at)));
  }

  /** Has 1 and 3 removed by the rule for brief channels; 2 and 4, then 5 and 6, are kept. */
  void makeAHole() {
    LogWithHoles.makeAHole(log, this::publish);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }

  WebSocketClient connect(String query, String... headers) {
    URI uri = URI.create("ws://127.0.0.1:" + face.port() + "/ws/stream" + query);
    return WebSocketClient.open(http, uri, headers);
  }

  /** The status that refuses a WebSocket. */
  int refusal(String... headers) {
    return refused(headers).statusCode();
  }

  /** The answer that refuses a WebSocket. */
  HttpResponse<?> refused(String... headers) {
    try {
      connect("", headers).close();
      throw new AssertionError("the connection was not refused");
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse();
      }
      throw e;
    }
  }

  /** The sessions of another face of the same hub, which is closed by the test. */
  StreamSessions streamSessions() {
    return new StreamSessions(hub, publishing, settings, InstantSource.fixed(NOW));
  }

  @Override
  public void close() {
    http.shutdownNow();
    face.goAway(new ReturnTimes(Duration.ZERO, Duration.ZERO));
    face.stop();
    log.close();
  }
}
