package dev.reactorhub.grpc;

import java.time.Duration;

/**
 * How the gRPC face treats its connections.
 *
 * @param pingAfter a connection on which nothing came for this long is pinged; zero: never; less
 *     than ten seconds: ten
 * @param pingTimeout a ping not answered within this ends the connection
 * @param clientPingMin a client that pings more often is told off with GOAWAY; zero: never
 * @param ageMax after about this long, give or take a tenth, a connection is ended; zero: never
 * @param ageGrace how long its calls may still take then
 * @param idleMax a connection without a call for this long is ended; zero: never
 * @param callsMax calls that one connection may have open; more wait at the client
 * @param metadataBytesMax the metadata of one call, as HTTP/2 counts it
 */
public record GrpcConnectionSettings(
    Duration pingAfter,
    Duration pingTimeout,
    Duration clientPingMin,
    Duration ageMax,
    Duration ageGrace,
    Duration idleMax,
    int callsMax,
    int metadataBytesMax) {
  /** What {@code docs/configuration.md} names as defaults. */
  public static final GrpcConnectionSettings DEFAULTS =
      new GrpcConnectionSettings(
          Duration.ofMinutes(1),
          Duration.ofSeconds(20),
          Duration.ofSeconds(10),
          Duration.ZERO,
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          1_000,
          16 << 10);

  /** Validates the bounds. */
  public GrpcConnectionSettings {
    if (!pingTimeout.isPositive() || !ageGrace.isPositive()) {
      throw new IllegalArgumentException(
          "ping timeout is " + pingTimeout + ", grace " + ageGrace + ": must be positive");
    }
    if (pingAfter.isNegative()
        || clientPingMin.isNegative()
        || ageMax.isNegative()
        || idleMax.isNegative()) {
      throw new IllegalArgumentException(
          "a connection is pinged after "
              + pingAfter
              + ", may ping every "
              + clientPingMin
              + ", gets "
              + ageMax
              + " old, idle "
              + idleMax
              + ": must be zero or more");
    }
    if (callsMax < 1 || metadataBytesMax < 1) {
      throw new IllegalArgumentException(
          "calls are " + callsMax + ", metadata " + metadataBytesMax + " bytes: must be 1 or more");
    }
  }
}
