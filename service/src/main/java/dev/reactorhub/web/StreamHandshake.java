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
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Judges the handshakes of {@code /ws/stream}: origin, number of sessions, query. */
final class StreamHandshake implements HandshakePolicy {
  private final OriginPolicy origins;
  private final Sessions sessions;
  private final WebSettings settings;
  private final BooleanSupplier isDraining;

  StreamHandshake(
      OriginPolicy origins, Sessions sessions, WebSettings settings, BooleanSupplier isDraining) {
    this.origins = origins;
    this.sessions = sessions;
    this.settings = settings;
    this.isDraining = isDraining;
  }

  @Override
  public HandshakeDecision judge(Handshake handshake) {
    if (!origins.allows(handshake.headers())) {
      return refused(
          Problem.of(
              ErrorCode.ORIGIN_NOT_ALLOWED,
              "this page's origin may not use the hub; see web.allowed-origins"));
    }
    if (isDraining.getAsBoolean()) {
      return refused(Problem.of(ErrorCode.GOING_AWAY, "the hub is shutting down"));
    }
    return switch (sessions.open(Sessions.Face.WEBSOCKET, handshake.remoteHost())) {
      case Sessions.Opened.Admitted admitted ->
          HandshakeDecision.accept(request(handshake), admitted.ticket()::close);
      case Sessions.Opened.Refused refused ->
          refused(Problem.tooManySessions(refused.limit(), refused.perAddress()));
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

  private static HandshakeDecision refused(Problem problem) {
    return new HandshakeDecision.Refused(
        HttpProblems.status(problem.code()).code(),
        Map.of(),
        HttpProblems.CONTENT_TYPE,
        JsonText.text(HttpProblems.body(problem)));
  }
}
