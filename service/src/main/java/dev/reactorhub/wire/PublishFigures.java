package dev.reactorhub.wire;

import dev.reactorhub.tally.Histogram;
import dev.reactorhub.tally.Tally;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What became of what was published since the start. Any thread. */
public final class PublishFigures {
  private final Tally<Face> stored = new Tally<>(Face.class);
  private final Tally<ErrorCode> refused = new Tally<>(ErrorCode.class);
  private final Map<Face, Histogram> nanos = new EnumMap<>(Face.class);

  PublishFigures() {
    for (Face face : Face.values()) {
      nanos.put(face, Histogram.ofNanos());
    }
  }

  /** How events came in. */
  public enum Face {
    /** {@code POST /api/v1/events}. */
    HTTP,
    /** A command on {@code /ws/stream}. */
    WEBSOCKET,
    /** Publish and PublishStream. */
    GRPC,
    /** The hub itself: its heartbeat, its host's figures, who came and went. */
    HUB
  }

  /** Events stored, without those whose ids were known. */
  public long stored(Face face) {
    return stored.count(face);
  }

  /** Requests refused, whole. */
  public long refused(ErrorCode code) {
    return refused.count(code);
  }

  /** Nanoseconds from a request to its acknowledgement. */
  public Histogram nanos(Face face) {
    return Objects.requireNonNull(nanos.get(face));
  }

  void stored(Face face, int events) {
    stored.add(face, events);
  }

  void countRefused(ErrorCode code) {
    refused.add(code);
  }
}
