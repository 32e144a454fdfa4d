package dev.reactorhub.grpc;

/** An open stream that sends by itself, and is looked after: by {@link HeldStreams}. */
interface HeldStream extends OpenStream {
  /** Looks after heartbeats and progress. Any thread; must not block. */
  void tick();
}
