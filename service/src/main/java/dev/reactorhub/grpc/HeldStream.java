package dev.reactorhub.grpc;

import java.time.Duration;

/** A stream that stays open, and is looked after: by {@link SubscribeStreams}. */
interface HeldStream {
  /** Looks after heartbeats and progress. Must not block. */
  void tick(long nowNanos);

  /** Tells the client where to resume and when, then ends the stream. Must not block. */
  void goAway(Duration delay);
}
