package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

/**
 * A hole, announced: the events between two positions cannot be delivered. It comes before the
 * first event after the hole.
 *
 * @param from the position after which events are missing, as the subscriber gave it
 * @param to delivery goes on after this position
 * @param reason the hub's code: {@code position_expired} when retention has passed {@code from},
 *     {@code epoch_unknown} when {@code from} belongs to another log
 */
public record Gap(String from, String to, String reason) implements Delivery {
  /** Checks that the hole has an end to go on from. */
  public Gap {
    requireNonNull(from, "from");
    Names.position(to);
    requireNonNull(reason, "reason");
  }

  @Override
  public void deliverTo(SubscriptionListener listener) throws Exception {
    listener.onGap(this);
  }
}
