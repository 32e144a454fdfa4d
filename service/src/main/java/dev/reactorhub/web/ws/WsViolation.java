package dev.reactorhub.web.ws;

import java.io.Serial;

/** The peer broke RFC 6455 or a limit; carries the close code to answer with. Internal. */
final class WsViolation extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int code;

  WsViolation(int code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  int code() {
    return code;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
