package dev.reactorhub.web;

import java.time.Duration;

/** A client that follows events over HTTP, as its watch sees it. Any thread. */
interface StreamSession {
  /** Looks after heartbeats and deadlines; about once a second. Must not block. */
  void tick(long nowNanos);

  /**
   * Tells the client where to resume and when, once the answers that it waits for were given, then
   * ends the session. The first call counts. Must not block.
   */
  void goAway(Duration reconnectAfter);

  /** Drops the connection without another word. Must not block. */
  void cut();
}
