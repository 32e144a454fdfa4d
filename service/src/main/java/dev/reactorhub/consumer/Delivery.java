package dev.reactorhub.consumer;

/**
 * One event that is given to a client.
 *
 * @param seq its place in the log
 * @param attempt 1, and one more for each delivery of it that failed
 */
public record Delivery<E>(E event, long seq, int attempt) {}
