package dev.reactorhub.client.testing;

import java.time.Duration;

/**
 * An event that a client could not deal with.
 *
 * @param seq the event
 * @param delay how long the client wanted it to wait; the fake hub gives it out again at once
 * @param error why, as the client said
 */
public record Rejection(long seq, Duration delay, String error) {}
