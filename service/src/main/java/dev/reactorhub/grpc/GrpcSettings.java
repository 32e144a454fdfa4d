package dev.reactorhub.grpc;

import dev.reactorhub.wire.WireLimits;
import java.time.Duration;

/**
 * What the gRPC face obeys.
 *
 * @param host the address to bind
 * @param port 0: any free one
 * @param connectionsMax open connections; others wait in the kernel's queue until one ends
 * @param heartbeat a subscription that was sent nothing for this long is told its position
 * @param noProgressMax a subscriber that takes nothing for this long is cut
 * @param limits what one client may send
 * @param connections how connections are treated
 */
public record GrpcSettings(
    String host,
    int port,
    int connectionsMax,
    Duration heartbeat,
    Duration noProgressMax,
    WireLimits limits,
    GrpcConnectionSettings connections) {
  /** Events of one publishing stream that wait for their acknowledgement. */
  static final int PUBLISHES_UNDER_WAY_MAX = 4_096;

  /** The size of the events of one response, unless a single one is larger. */
  static final int BATCH_BYTES_MAX = 64 << 10;

  /** Validates the bounds. */
  public GrpcSettings {
    if (connectionsMax < 1) {
      throw new IllegalArgumentException(
          "connections are " + connectionsMax + ": must be 1 or more");
    }
    if (port < 0 || port > 65_535 || !heartbeat.isPositive() || !noProgressMax.isPositive()) {
      throw new IllegalArgumentException(
          "port is "
              + port
              + ", heartbeat "
              + heartbeat
              + ", no progress "
              + noProgressMax
              + ": must be 0 to 65535, positive, positive");
    }
  }
}
