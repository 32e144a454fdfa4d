package dev.reactorhub.web.ws;

/** The close codes this package uses, and which may stand in a frame (RFC 6455 section 7.4). */
final class CloseCodes {
  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int PROTOCOL_ERROR = 1002;

  /** Never in a frame: the peer's close frame had no code. */
  static final int NONE_GIVEN = 1005;

  /** Never in a frame: the connection ended without a close frame. */
  static final int ABNORMAL = 1006;

  static final int INVALID_PAYLOAD = 1007;
  static final int MESSAGE_TOO_BIG = 1009;
  static final int INTERNAL_ERROR = 1011;
  static final int TRY_AGAIN_LATER = 1013;

  private CloseCodes() {}

  /** Whether a close frame, sent or received, may carry this code. */
  static boolean isAllowedInFrame(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }
}
