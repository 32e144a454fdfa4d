package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The subscription is interrupted. It reconnects by itself and goes on where it was; nothing is
 * lost unless a {@link Gap} says so. Each attempt that fails yields another one.
 *
 * @param code why: a code of the hub's error table, {@code going_away} when the hub asked for it,
 *     {@code silent} when not even a heartbeat came, or {@code stream_ended}; else the gRPC status
 *     in lower case, mostly {@code unavailable}
 * @param message the same for a person
 * @param reconnectAfter how long it waits before the next attempt
 */
public record Disconnected(String code, String message, Duration reconnectAfter)
    implements Delivery {
  /** Checks that the wait is not negative. */
  public Disconnected {
    requireNonNull(code, "code");
    requireNonNull(message, "message");
    if (reconnectAfter.isNegative()) {
      throw new IllegalArgumentException("reconnectAfter is negative: " + reconnectAfter);
    }
  }

  @Override
  public void deliverTo(SubscriptionListener listener) throws Exception {
    listener.onDisconnected(this);
  }
}
