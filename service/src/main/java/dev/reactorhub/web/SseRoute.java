package dev.reactorhub.web;

import dev.reactorhub.event.Position;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.hub.Start;
import dev.reactorhub.hub.Subscription;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.web.ws.ChunkedOutput;
import dev.reactorhub.web.ws.WsConnections;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Filters;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/stream}: events as server-sent events (WHATWG HTML, section 9.2). */
final class SseRoute {
  private static final System.Logger LOGGER = System.getLogger(SseRoute.class.getName());
  private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
  private static final HeaderName ACCEL_BUFFERING = HeaderNames.create("X-Accel-Buffering");

  private final StreamSessions streams;
  private final WsConnections connections;
  private final Sessions sessions;
  private final Leaving leaving;

  SseRoute(StreamSessions streams, WsConnections connections, Sessions sessions, Leaving leaving) {
    this.streams = streams;
    this.connections = connections;
    this.sessions = sessions;
    this.leaving = leaving;
  }

  void handle(ServerRequest request, ServerResponse response) {
    if (!leaving.enter()) {
      turnAway(request, response);
      return;
    }
    try {
      open(request, response);
    } finally {
      leaving.leave();
    }
  }

  /**
   * A browser's EventSource never comes back after an answer other than 200 (WHATWG HTML, section
   * 9.2.2): it is told when to do so by a stream that ends at once.
   */
  private void turnAway(ServerRequest request, ServerResponse response) {
    Duration delay = leaving.returnTime();
    if (!request.headers().isAccepted(MediaTypes.TEXT_EVENT_STREAM) || acceptsAll(request)) {
      HttpProblems.send(response, leaving.problem(), delay);
      return;
    }
    StreamQuery query = new StreamQuery(request.query(), streams.settings().limits());
    Position resumed =
        switch (start(request, query)) {
          case Start.After(Position position) -> position;
          case Start.Latest _, Start.Earliest _, Start.Since _ ->
              streams.hub().range().headPosition();
        };
    head(response);
    response.send(SseSession.goodbye(resumed, delay));
  }

  private static boolean acceptsAll(ServerRequest request) {
    return request.headers().acceptedTypes().stream()
        .allMatch(type -> type.mediaType().isWildcardType());
  }

  private void open(ServerRequest request, ServerResponse response) {
    StreamQuery query = new StreamQuery(request.query(), streams.settings().limits());
    switch (sessions.open(Sessions.Face.SSE, request.remotePeer().host())) {
      case Sessions.Opened.Admitted admitted -> {
        try (Sessions.Ticket _ = admitted.ticket()) {
          stream(query, start(request, query), request, response);
        }
      }
      case Sessions.Opened.Refused refused ->
          throw new ProblemException(
              Problem.tooManySessions(refused.limit(), refused.perAddress()));
    }
  }

  private void stream(
      StreamQuery query, Start start, ServerRequest request, ServerResponse response) {
    SseSession session = new SseSession(streams);
    Hub.SubscribeResult result = streams.hub().subscribe(query.filter(), start, session);
    switch (result) {
      case Hub.SubscribeResult.InFuture future -> throw Filters.inFuture(future.head());
      case Hub.SubscribeResult.Subscribed subscribed -> {
        try (Subscription subscription = subscribed.subscription()) {
          deliver(session, subscription, request, response);
        }
      }
    }
  }

  private void deliver(
      SseSession session,
      Subscription subscription,
      ServerRequest request,
      ServerResponse response) {
    head(response);
    try {
      OutputStream out = response.outputStream();
      out.write(SseSession.greeting(subscription));
      out.flush();
      ChunkedOutput chunks =
          connections.takeOver(request.localPeer(), request.remotePeer(), request.isSecure());
      try (OutputStream body = chunks == null ? out : chunks) {
        deliver(session, subscription, body, chunks);
      }
    } catch (IOException | UncheckedIOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "sse_client_gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // The channel may be in another hand and mode than Helidon knows.
    throw new CloseConnectionException("the stream of events is over");
  }

  private static void head(ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
    response.header(HeaderNames.CACHE_CONTROL, "no-cache, no-transform");
    response.header(ACCEL_BUFFERING, "no");
  }

  private void deliver(
      SseSession session,
      Subscription subscription,
      OutputStream body,
      @Nullable ChunkedOutput chunks)
      throws IOException, InterruptedException {
    streams.add(session);
    try {
      session.run(subscription, body, chunks);
    } catch (LogFailedException e) {
      session.fail(subscription, body, Failures.problem(e));
    } finally {
      streams.remove(session);
    }
  }

  /** A browser that reconnects says where it stands in the header; that beats its first URL. */
  private static Start start(ServerRequest request, StreamQuery query) {
    Optional<Position> resumed =
        request.headers().first(LAST_EVENT_ID).filter(id -> !id.isEmpty()).map(Filters::position);
    return resumed.<Start>map(Start.After::new).orElseGet(query::start);
  }
}
