package dev.reactorhub.web.ws;

import java.util.Map;

/** What a {@link HandshakePolicy} answers. */
public sealed interface HandshakeDecision {
  /** The content type of a refusal in plain text. */
  String PLAIN_TEXT = "text/plain; charset=utf-8";

  /**
   * Go on with 101.
   *
   * @param attachment kept by the connection, see {@link FrameSink#attachment()}
   * @param ended run exactly once when the connection is over, even if it never opened (the
   *     listener refused, the client vanished, the server stopped); must not block
   */
  record Accepted(Object attachment, Runnable ended) implements HandshakeDecision {}

  /**
   * Answer with this status and close the HTTP connection.
   *
   * @param status an HTTP status, 400 to 599
   * @param headers more header lines, for example {@code Retry-After}; the framing of the answer
   *     (length, connection) is not theirs
   * @param contentType of the body, for example {@code application/problem+json}
   * @param body the text of the answer, sent as UTF-8
   */
  record Refused(int status, Map<String, String> headers, String contentType, String body)
      implements HandshakeDecision {
    public Refused {
      if (status < 400 || status > 599) {
        throw new IllegalArgumentException("status is " + status + ": must be 400 to 599");
      }
      headers = Map.copyOf(headers);
      requireOneLine(contentType);
      headers.forEach(
          (name, value) -> {
            requireOneLine(name);
            requireOneLine(value);
          });
    }

    private static void requireOneLine(String text) {
      if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
        throw new IllegalArgumentException("a header must not contain a line break");
      }
    }
  }

  /** Accepts with nothing attached and nothing to release. */
  static HandshakeDecision accept() {
    return new Accepted("", () -> {});
  }

  /** Accepts; see {@link Accepted}. */
  static HandshakeDecision accept(Object attachment, Runnable ended) {
    return new Accepted(attachment, ended);
  }

  /** Refuses with plain text. */
  static HandshakeDecision refuse(int status, String text) {
    return new Refused(status, Map.of(), PLAIN_TEXT, text);
  }
}
