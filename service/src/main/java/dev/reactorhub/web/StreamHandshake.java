package dev.reactorhub.web;

import dev.reactorhub.hub.Sessions;
import dev.reactorhub.web.ws.Handshake;
import dev.reactorhub.web.ws.HandshakeDecision;
import dev.reactorhub.web.ws.HandshakePolicy;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.JsonText;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import io.helidon.common.uri.UriQuery;
import java.time.Duration;
import java.util.Map;

/** Judges the handshakes of {@code /ws/stream}: origin, number of sessions, query. */
final class StreamHandshake implements HandshakePolicy {
  private static final Duration FULL_RETRY = Duration.ofSeconds(2);

  private final OriginPolicy origins;
  private final Sessions sessions;
  private final WebSettings settings;
  private final Leaving leaving;

  StreamHandshake(OriginPolicy origins, Sessions sessions, WebSettings settings, Leaving leaving) {
    this.origins = origins;
    this.sessions = sessions;
    this.settings = settings;
    this.leaving = leaving;
  }

  @Override
  public HandshakeDecision judge(Handshake handshake) {
    if (!origins.allows(handshake.headers())) {
      return refused(
          Problem.of(
              ErrorCode.ORIGIN_NOT_ALLOWED,
              "this page's origin may not use the hub; see web.allowed-origins"),
          Map.of());
    }
    if (leaving.isBegun()) {
      return refused(leaving.problem(), HttpProblems.retryAfter(leaving.returnTime()));
    }
    return switch (sessions.open(Sessions.Face.WEBSOCKET, handshake.remoteHost())) {
      case Sessions.Opened.Admitted admitted ->
          HandshakeDecision.accept(request(handshake), admitted.ticket()::close);
      case Sessions.Opened.Refused refused ->
          refused(
              Problem.tooManySessions(refused.limit(), refused.perAddress()),
              HttpProblems.retryAfter(FULL_RETRY));
    };
  }

  private StreamRequest request(Handshake handshake) {
    UriQuery raw = handshake.prologue().query();
    StreamQuery query = new StreamQuery(raw, settings.limits());
    try {
      return new StreamRequest.Valid(query.filter(), query.start());
    } catch (ProblemException e) {
      return new StreamRequest.Invalid(e.problem());
    }
  }

  private static HandshakeDecision refused(Problem problem, Map<String, String> headers) {
    return new HandshakeDecision.Refused(
        HttpProblems.status(problem.code()).code(),
        headers,
        HttpProblems.CONTENT_TYPE,
        JsonText.text(HttpProblems.body(problem)));
  }
}
