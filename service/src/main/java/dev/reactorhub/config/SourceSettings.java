package dev.reactorhub.config;

import java.time.Duration;

/**
 * The events that the hub emits itself.
 *
 * @param hostMetricsInterval zero: no host metrics
 * @param heartbeatInterval zero: no Reactor heartbeat
 */
public record SourceSettings(Duration hostMetricsInterval, Duration heartbeatInterval) {}
