package dev.reactorhub.web;

import dev.reactorhub.health.Check;
import dev.reactorhub.health.Pulse;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.web.ws.WsConnections;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import dev.reactorhub.wire.Publishing;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.Http1ConnectionSelectorConfig;
import io.helidon.webserver.spi.ServerFeature;
import io.helidon.webserver.websocket.WsRouting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server with all its routes. Start once, {@link #goAway} and {@link #stop} once, from any
 * thread.
 */
public final class WebFace {
  private static final String EVENTS = "/api/v1/events";
  private static final String STREAM = "/api/v1/stream";
  private static final String STATUS = "/ws/status";
  private static final String STATS = "/ws/stats";
  private static final String HEALTH = "/ws/health";

  /** How often it is looked whether somebody has left, within the time that nobody may. */
  private static final int LOOKS = 10;

  /** A body so many times too large is read before it is refused; a larger one is cut off. */
  private static final long READ_TO_ITS_END = 8;

  private final WebSettings settings;
  private final WsConnections connections;
  private final StreamSessions streams;
  private final WebServer server;
  private final Leaving leaving = new Leaving();

  /**
   * What the face serves.
   *
   * @param clock tells the time in answers
   * @param readiness what {@code /ws/health} answers
   */
  public record Parts(
      Hub hub,
      Publishing publishing,
      Sessions sessions,
      InstantSource clock,
      Supplier<List<Check>> readiness) {}

  /**
   * Builds the face; nothing is bound yet.
   *
   * @param features further features of the server, for example health and metrics
   */
  public WebFace(WebSettings settings, Parts parts, List<ServerFeature> features) {
    this.settings = settings;
    this.connections = WsConnections.start(settings.ws());
    this.streams = new StreamSessions(parts.hub(), parts.publishing(), settings, parts.clock());
    OriginPolicy origins = new OriginPolicy(settings.allowedOrigins());
    StreamHandshake handshake = new StreamHandshake(origins, parts.sessions(), settings, leaving);
    Http1ConnectionSelectorConfig.Builder http1 =
        Http1ConnectionSelector.builder()
            .config(Http1Config.builder().validateRequestHeaders(true).build());
    connections.upgraders(handshake).forEach(http1::addUpgrader);
    this.server =
        WebServer.builder()
            .host(settings.host())
            .port(settings.port())
            .connectionOptions(connections.socketOptions())
            // Its plain sockets keep one buffer for each connection, the other kind two.
            .useNio(false)
            .maxTcpConnections(settings.connectionsMax())
            .maxPayloadSize(READ_TO_ITS_END * settings.limits().bodyBytesMax())
            .directHandlers(EarlyProblems.handlers(settings.limits().bodyBytesMax()))
            .shutdownHook(false)
            .addConnectionSelector(http1.build())
            .addRouting(httpRouting(origins, parts))
            .addRouting(
                WsRouting.builder().endpoint("/ws/stream", () -> new WebSocketListener(streams)))
            .features(features)
            .build();
  }

  /**
   * Binds and serves.
   *
   * @throws IllegalStateException when the port cannot be bound
   */
  public void start() {
    tryToBind();
    server.start();
    // Helidon logs a failure to bind and carries on without a port.
    if (!server.isRunning() || server.port() < 0) {
      throw cannotListen("the server did not start", null);
    }
    streams.start();
  }

  /** Helidon would tell of a failure in two stack traces, and not hand out the reason. */
  private void tryToBind() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(settings.host(), settings.port()));
    } catch (IOException e) {
      throw cannotListen(String.valueOf(e.getMessage()), e);
    }
  }

  private IllegalStateException cannotListen(String reason, @Nullable Exception cause) {
    return new IllegalStateException(
        "cannot listen on "
            + settings.host()
            + ":"
            + settings.port()
            + " ("
            + reason
            + "): another program may use the port; choose one with --port, or an address of this"
            + " machine with --host",
        cause);
  }

  /** The bound port. */
  public int port() {
    return server.port();
  }

  /** The state of the threads without which nobody is served. */
  public List<Pulse> pulses() {
    return Stream.concat(connections.pulses().stream(), streams.pulses()).toList();
  }

  /** Refuses new sessions and events, and tells each open session where to resume and when. */
  public void goAway(ReturnTimes times) {
    leaving.begin(times);
    streams.goAway(times);
  }

  /**
   * Waits until every session has ended and every event that was handed in was answered; after
   * {@link #goAway}.
   *
   * @return false when some are left, and none has left for {@code quietMax}
   */
  public boolean awaitGone(Duration quietMax) throws InterruptedException {
    int left = left();
    long quietSinceNanos = System.nanoTime();
    while (!isEmptyWithin(quietMax.dividedBy(LOOKS))) {
      int now = left();
      if (now < left) {
        left = now;
        quietSinceNanos = System.nanoTime();
      } else if (System.nanoTime() - quietSinceNanos >= quietMax.toNanos()) {
        return false;
      }
    }
    return true;
  }

  private int left() {
    return connections.size() + streams.size();
  }

  private boolean isEmptyWithin(Duration timeMax) throws InterruptedException {
    if (!connections.awaitEmpty(timeMax)) {
      return false;
    }
    try {
      leaving.answered().get(timeMax.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("requests end without a failure of their own", e);
    }
  }

  /** Drops who is still there, and stops. */
  public void stop() {
    streams.cutAll();
    server.stop();
    streams.close();
    connections.close();
  }

  private HttpRouting.Builder httpRouting(OriginPolicy origins, Parts parts) {
    EventRoutes events =
        new EventRoutes(parts.hub(), parts.publishing(), settings.limits(), leaving);
    SseRoute sse = new SseRoute(streams, connections, parts.sessions(), leaving);
    StatusRoutes status = new StatusRoutes(parts);
    HttpRouting.Builder routing = HttpRouting.builder();
    routing.addFilter(this::endConnections);
    routing.addFilter(new OriginFilter(origins));
    routing.addFilter(Pages::secure);
    routing
        .post(EVENTS, events::publish)
        .get(EVENTS, events::history)
        .get(STREAM, sse::handle)
        .get(STATUS, status::status)
        .get(STATS, status::stats)
        .get(HEALTH, status::health);
    for (String path : List.of(EVENTS, STREAM, STATUS, STATS, HEALTH)) {
      routing.any(path, WebFace::refuseMethod);
    }
    Pages.route(routing);
    return problems(routing);
  }

  /** A client that would send its next request here is to look elsewhere once the hub leaves. */
  private void endConnections(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    if (leaving.isBegun()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    chain.proceed();
  }

  /** The path has a route, for another method: every route before this one has passed. */
  private static void refuseMethod(ServerRequest request, ServerResponse response) {
    String allowed = request.path().path().equals(EVENTS) ? "GET, POST" : "GET";
    response.header(HeaderNames.ALLOW, allowed);
    HttpProblems.send(
        response,
        Problem.of(ErrorCode.METHOD_NOT_ALLOWED, "this path takes the methods " + allowed));
  }

  private static HttpRouting.Builder problems(HttpRouting.Builder routing) {
    return routing
        .error(
            ProblemException.class,
            (request, response, e) -> HttpProblems.send(response, e.problem()))
        .error(
            HttpException.class, (request, response, e) -> HttpProblems.send(response, problem(e)))
        .error(
            RuntimeException.class,
            (request, response, e) -> HttpProblems.send(response, Failures.problem(e)));
  }

  private static Problem problem(HttpException e) {
    int status = e.status().code();
    if (status == Status.NOT_FOUND_404.code()) {
      return Problem.of(ErrorCode.NOT_FOUND, "there is nothing at this path");
    }
    if (status == Status.REQUEST_ENTITY_TOO_LARGE_413.code()) {
      return Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, "the request body is too large");
    }
    return status < Status.INTERNAL_SERVER_ERROR_500.code()
        ? Problem.of(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()))
        : Failures.problem(e);
  }
}
