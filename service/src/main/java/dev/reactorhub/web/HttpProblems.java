package dev.reactorhub.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.JsonText;
import dev.reactorhub.wire.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Map;

/** Answers problems over HTTP as {@code application/problem+json} (RFC 9457). */
public final class HttpProblems {
  static final String CONTENT_TYPE = "application/problem+json";

  private static final String TYPE_PREFIX = "https://reactorhub.dev/errors/";
  private static final Duration RETRY = Duration.ofSeconds(2);

  private HttpProblems() {}

  /** The one map from the error table to HTTP statuses. */
  public static Status status(ErrorCode code) {
    return switch (code) {
      case MALFORMED_JSON,
          MALFORMED_UTF8,
          INVALID_REQUEST,
          UNKNOWN_COMMAND,
          INVALID_NAME,
          INVALID_EVENT,
          INVALID_POSITION,
          POSITION_IN_FUTURE,
          INVALID_LIMIT,
          TOO_MANY_CHANNELS,
          TOO_MANY_TYPES,
          REWIND_TOO_FAR,
          INVALID_ACK ->
          Status.BAD_REQUEST_400;
      case POSITION_EXPIRED, EPOCH_UNKNOWN -> Status.GONE_410;
      case PAYLOAD_TOO_LARGE, BATCH_TOO_LARGE -> Status.REQUEST_ENTITY_TOO_LARGE_413;
      case RATE_LIMITED -> Status.TOO_MANY_REQUESTS_429;
      case ORIGIN_NOT_ALLOWED -> Status.FORBIDDEN_403;
      case NOT_FOUND, CONSUMER_NOT_FOUND -> Status.NOT_FOUND_404;
      case CONSUMER_MISMATCH, CONSUMER_RESET -> Status.CONFLICT_409;
      case METHOD_NOT_ALLOWED -> Status.METHOD_NOT_ALLOWED_405;
      case UNSUPPORTED_MEDIA_TYPE -> Status.UNSUPPORTED_MEDIA_TYPE_415;
      case NO_PROGRESS -> Status.REQUEST_TIMEOUT_408;
      case TOO_MANY_SESSIONS, TOO_MANY_CONSUMERS, LOG_UNAVAILABLE, GOING_AWAY ->
          Status.SERVICE_UNAVAILABLE_503;
      case DISK_FULL -> Status.create(507, "Insufficient Storage");
      case INTERNAL -> Status.INTERNAL_SERVER_ERROR_500;
    };
  }

  /** The body of the answer. */
  static ObjectNode body(Problem problem) {
    Status status = status(problem.code());
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("type", TYPE_PREFIX + problem.code().code());
    body.put("title", status.reasonPhrase());
    body.put("status", status.code());
    body.put("code", problem.code().code());
    body.put("detail", problem.message());
    problem.limit().ifPresent(limit -> body.put("limit", limit));
    return body;
  }

  /** Answers the request. */
  static void send(ServerResponse response, Problem problem) {
    send(response, problem, body(problem));
  }

  /** Answers the request with a body that says more. */
  static void send(ServerResponse response, Problem problem, ObjectNode body) {
    if (problem.code().isPassing()) {
      retryAfter(RETRY).forEach((name, value) -> response.header(HeaderNames.create(name), value));
    }
    answer(response, problem, body);
  }

  /** Answers the request, and says when the same may succeed. */
  static void send(ServerResponse response, Problem problem, Duration retryAfter) {
    retryAfter(retryAfter)
        .forEach((name, value) -> response.header(HeaderNames.create(name), value));
    answer(response, problem, body(problem));
  }

  /** The header that says when to try again, in whole seconds (RFC 9110, section 10.2.3). */
  static Map<String, String> retryAfter(Duration delay) {
    long seconds = Math.max(1, delay.plusMillis(999).toSeconds());
    return Map.of(HeaderNames.RETRY_AFTER.defaultCase(), Long.toString(seconds));
  }

  private static void answer(ServerResponse response, Problem problem, ObjectNode body) {
    response.status(status(problem.code()));
    response.header(HeaderNames.CONTENT_TYPE, CONTENT_TYPE);
    response.send(JsonText.utf8(body));
  }
}
