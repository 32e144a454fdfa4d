package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

/**
 * The hub answers: the subscription is in place, for the first time or again.
 *
 * @param start what this connection asked for: the start of the subscription, or {@link
 *     StartAt.After} the newest position seen before it was interrupted
 */
public record Connected(StartAt start) implements Delivery {
  /** Checks the start. */
  public Connected {
    requireNonNull(start, "start");
  }

  @Override
  public void deliverTo(SubscriptionListener listener) throws Exception {
    listener.onConnected(this);
  }
}
