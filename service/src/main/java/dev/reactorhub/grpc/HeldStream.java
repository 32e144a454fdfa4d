package dev.reactorhub.grpc;

/** An open stream that sends by itself, and is looked after: by {@link SubscribeStreams}. */
interface HeldStream extends OpenStream {
  /** Looks after heartbeats and progress. Must not block. */
  void tick(long nowNanos);
}
