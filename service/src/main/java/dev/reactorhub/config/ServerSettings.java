package dev.reactorhub.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The process.
 *
 * @param host the address that both ports bind to
 * @param port HTTP, WebSocket and SSE; 0: any free one
 * @param grpcPort 0: any free one
 * @param dataDirectory where the embedded log lives
 * @param drainWindow over which clients are told to come back when the hub stops
 */
public record ServerSettings(
    String host, int port, int grpcPort, Path dataDirectory, Duration drainWindow) {}
