package dev.reactorhub.web.ws;

/** What a {@link HandshakePolicy} answers. */
public sealed interface HandshakeDecision {

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
   * @param status an HTTP status of 400 or more
   * @param contentType of the body, for example {@code application/problem+json}
   * @param body the text of the answer
   */
  record Refused(int status, String contentType, String body) implements HandshakeDecision {
    public Refused {
      if (status < 400 || status > 599) {
        throw new IllegalArgumentException("status is " + status + ": must be 400 to 599");
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
    return new Refused(status, "text/plain; charset=utf-8", text);
  }
}
