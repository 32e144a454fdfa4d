package dev.reactorhub.config;

import java.nio.file.Path;

/**
 * The process.
 *
 * @param host the address that both ports bind to
 * @param port HTTP, WebSocket and SSE; 0: any free one
 * @param grpcPort 0: any free one
 * @param dataDirectory where the embedded log lives
 */
public record ServerSettings(String host, int port, int grpcPort, Path dataDirectory) {}
