package dev.reactorhub.web;

import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.JsonText;
import dev.reactorhub.wire.Problem;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

/** Answers requests that Helidon refuses before any route sees them, as every other problem. */
final class EarlyProblems implements DirectHandler {
  private static final Problem MALFORMED =
      Problem.of(ErrorCode.INVALID_REQUEST, "the request is not well-formed HTTP");

  private final Problem tooLarge;

  private EarlyProblems(int bodyBytesMax) {
    this.tooLarge = tooLarge(bodyBytesMax);
  }

  static DirectHandlers handlers(int bodyBytesMax) {
    EarlyProblems handler = new EarlyProblems(bodyBytesMax);
    return DirectHandlers.builder()
        .addHandler(EventType.PAYLOAD_TOO_LARGE, handler)
        .addHandler(EventType.BAD_REQUEST, handler)
        .build();
  }

  /** What is wrong with a body beyond the limit. */
  static Problem tooLarge(int bodyBytesMax) {
    return Problem.of(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "a request body may have at most " + bodyBytesMax + " bytes",
        bodyBytesMax);
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    // Helidon tells a body that is too large by the status, not by the type.
    boolean isTooLarge = status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code();
    Problem problem = isTooLarge ? tooLarge : MALFORMED;
    return TransportResponse.builder()
        .status(HttpProblems.status(problem.code()))
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, HttpProblems.CONTENT_TYPE)
        .keepAlive(false)
        .entity(JsonText.text(HttpProblems.body(problem)))
        .build();
  }
}
