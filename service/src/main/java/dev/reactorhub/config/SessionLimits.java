package dev.reactorhub.config;

/**
 * How many sessions may be open.
 *
 * @param sessionsMax of all faces
 * @param sessionsPerAddressMax from one address
 */
public record SessionLimits(int sessionsMax, int sessionsPerAddressMax) {}
