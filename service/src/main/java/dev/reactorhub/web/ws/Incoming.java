package dev.reactorhub.web.ws;

/** What the peer said: a whole message or a control frame. */
sealed interface Incoming {
  record Text(String text) implements Incoming {}

  /** The first {@code length} bytes of {@code bytes}; the receiver owns the array. */
  @SuppressWarnings("ArrayRecordComponent")
  record Binary(byte[] bytes, int length) implements Incoming {}

  @SuppressWarnings("ArrayRecordComponent")
  record Ping(byte[] payload) implements Incoming {}

  @SuppressWarnings("ArrayRecordComponent")
  record Pong(byte[] payload) implements Incoming {}

  /** {@code code} is {@link CloseCodes#NONE_GIVEN} when the frame was empty. */
  record Close(int code, String reason) implements Incoming {}
}
