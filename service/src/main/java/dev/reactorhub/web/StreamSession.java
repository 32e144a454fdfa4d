package dev.reactorhub.web;

import java.time.Duration;

/** A client that follows events over HTTP, as its watch sees it. Any thread. */
interface StreamSession {
  /** Looks after heartbeats and deadlines; about once a second. Must not block. */
  void tick(long nowNanos);

  /** Tells the client where to resume and when, then ends the session. Must not block. */
  void goAway(Duration reconnectAfter);
}
