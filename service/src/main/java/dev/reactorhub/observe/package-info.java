/**
 * What the hub says of itself and its host: events of its own ({@link
 * dev.reactorhub.observe.HostMetricsSource}, {@link dev.reactorhub.observe.ReactorHeartbeat}),
 * health checks and metrics. Depends on {@code wire} and {@code hub}. One thread emits all events.
 */
@NullMarked
package dev.reactorhub.observe;

import org.jspecify.annotations.NullMarked;
