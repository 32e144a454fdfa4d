package dev.reactorhub.hub;

/**
 * What the hub is doing at one moment.
 *
 * @param subscriptions open subscriptions
 * @param filters different filters among them
 * @param eventsEmitted events dispatched since the hub started
 * @param lastEventMillis when the newest was stored, milliseconds since the epoch; 0: none yet
 * @param logBytes what the log takes
 */
public record HubStats(
    int subscriptions, int filters, long eventsEmitted, long lastEventMillis, long logBytes) {}
