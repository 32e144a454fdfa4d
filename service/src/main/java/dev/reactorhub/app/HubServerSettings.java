package dev.reactorhub.app;

import dev.reactorhub.hub.HubSettings;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.web.WebSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of every part of a hub.
 *
 * @param dataDirectory where the embedded log lives
 * @param sessionsMax open sessions of all faces
 * @param sessionsPerAddressMax open sessions from one address
 * @param hostMetricsInterval zero: no host metrics
 * @param heartbeatInterval zero: no Reactor heartbeat
 * @param drainWindow over which clients are told to come back when the hub stops
 */
public record HubServerSettings(
    Path dataDirectory,
    LogSettings log,
    HubSettings hub,
    WebSettings web,
    int sessionsMax,
    int sessionsPerAddressMax,
    Duration hostMetricsInterval,
    Duration heartbeatInterval,
    Duration drainWindow) {}
