package dev.reactorhub.web.ws;

import java.time.Duration;

/**
 * The limits of a WebSocket connection.
 *
 * @param messageBytesMax the longest message accepted, over all its fragments; a longer one is
 *     refused from the frame header with close code 1009
 * @param pingInterval after this long without an incoming byte the server pings, and again after
 *     each further interval
 * @param idleMax after this long without an incoming byte the server closes with code 1001
 * @param closeTimeout how long a close handshake may take before the socket is dropped
 * @param noProgressMax how long a write may stand still, with the peer taking no byte, before the
 *     connection is closed with code 1013; a peer that then reads on gets the close frame
 */
public record WsSettings(
    int messageBytesMax,
    Duration pingInterval,
    Duration idleMax,
    Duration closeTimeout,
    Duration noProgressMax) {

  /** 1 MiB of event data and 64 KiB for what is wrapped around it. */
  private static final int MESSAGE_BYTES_MAX = (1 << 20) + (64 << 10);

  public WsSettings {
    if (messageBytesMax < 125) {
      throw new IllegalArgumentException(
          "messageBytesMax is " + messageBytesMax + ": must be at least 125");
    }
    requirePositive("pingInterval", pingInterval);
    requirePositive("idleMax", idleMax);
    requirePositive("closeTimeout", closeTimeout);
    requirePositive("noProgressMax", noProgressMax);
    if (idleMax.compareTo(pingInterval) <= 0) {
      throw new IllegalArgumentException(
          "idleMax is " + idleMax + ": must be longer than pingInterval, " + pingInterval);
    }
  }

  /** The values used when nothing is configured. */
  public static WsSettings defaults() {
    return new WsSettings(
        MESSAGE_BYTES_MAX,
        Duration.ofSeconds(25),
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30));
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " is " + value + ": must be positive");
    }
  }
}
