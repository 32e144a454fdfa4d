package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What the hub is doing.
 *
 * @param epoch the log's epoch, which changes when a log is recreated
 * @param head the newest position of the log
 * @param earliest the position before the oldest event kept: reading after it yields everything
 * @param sessions open subscriptions over WebSocket, SSE and gRPC
 * @param eventsPublished events stored since the start of the process
 * @param uptime time since the process was ready
 * @param version the version of the hub
 */
public record HubStatus(
    String epoch,
    String head,
    String earliest,
    int sessions,
    long eventsPublished,
    Duration uptime,
    String version) {
  /** Checks that nothing is missing. */
  public HubStatus {
    requireNonNull(epoch, "epoch");
    requireNonNull(head, "head");
    requireNonNull(earliest, "earliest");
    requireNonNull(uptime, "uptime");
    requireNonNull(version, "version");
  }
}
