package dev.reactorhub.web;

import dev.reactorhub.event.Position;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.hub.Start;
import dev.reactorhub.hub.Subscription;
import dev.reactorhub.log.LogFailedException;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Filters;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** {@code GET /api/v1/stream}: events as server-sent events (WHATWG HTML, section 9.2). */
final class SseRoute {
  private static final System.Logger LOGGER = System.getLogger(SseRoute.class.getName());
  private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
  private static final HeaderName ACCEL_BUFFERING = HeaderNames.create("X-Accel-Buffering");

  private final StreamSessions streams;
  private final Sessions sessions;
  private final BooleanSupplier isDraining;

  SseRoute(StreamSessions streams, Sessions sessions, BooleanSupplier isDraining) {
    this.streams = streams;
    this.sessions = sessions;
    this.isDraining = isDraining;
  }

  void handle(ServerRequest request, ServerResponse response) {
    if (isDraining.getAsBoolean()) {
      throw new ProblemException(ErrorCode.GOING_AWAY, "the hub is shutting down");
    }
    StreamQuery query = new StreamQuery(request.query(), streams.settings().limits());
    switch (sessions.open(Sessions.Face.SSE, request.remotePeer().host())) {
      case Sessions.Opened.Admitted admitted -> {
        try (Sessions.Ticket _ = admitted.ticket()) {
          stream(query, start(request, query), response);
        }
      }
      case Sessions.Opened.Refused refused ->
          throw new ProblemException(
              Problem.tooManySessions(refused.limit(), refused.perAddress()));
    }
  }

  private void stream(StreamQuery query, Start start, ServerResponse response) {
    Semaphore wakeUps = new Semaphore(0);
    Hub.SubscribeResult result = streams.hub().subscribe(query.filter(), start, wakeUps::release);
    switch (result) {
      case Hub.SubscribeResult.InFuture future -> throw Filters.inFuture(future.head());
      case Hub.SubscribeResult.Subscribed subscribed -> {
        try (Subscription subscription = subscribed.subscription()) {
          deliver(subscription, wakeUps, response);
        }
      }
    }
  }

  private void deliver(Subscription subscription, Semaphore wakeUps, ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
    response.header(HeaderNames.CACHE_CONTROL, "no-cache, no-transform");
    response.header(ACCEL_BUFFERING, "no");
    try (OutputStream out = response.outputStream()) {
      SseSession session = new SseSession(subscription, wakeUps, out, streams.settings());
      streams.add(session);
      try {
        session.run();
      } catch (LogFailedException e) {
        session.fail(Failures.problem(e));
      } finally {
        streams.remove(session);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "sse_client_gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A browser that reconnects says where it stands in the header; that beats its first URL. */
  private static Start start(ServerRequest request, StreamQuery query) {
    Optional<Position> resumed =
        request.headers().first(LAST_EVENT_ID).filter(id -> !id.isEmpty()).map(Filters::position);
    return resumed.<Start>map(Start.After::new).orElseGet(query::start);
  }
}
