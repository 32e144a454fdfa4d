package dev.reactorhub.history;

import java.time.Instant;

/**
 * What an event says, the same whichever way it came.
 *
 * @param data a JSON value without white space
 */
public record Content(
    String id, String type, String channel, String source, Instant timestamp, String data) {}
