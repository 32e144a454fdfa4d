package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

/**
 * A hole, announced: events that cannot be delivered. It comes before the first event after the
 * hole.
 *
 * @param from the position after which events are missing, as the subscriber gave it
 * @param to delivery goes on after this position
 * @param reason the hub's code: {@code position_expired} when retention has passed {@code from},
 *     {@code epoch_unknown} when {@code from} belongs to another log, {@code channel_retention}
 *     when rules for their channels have removed some of the events
 * @param through the newest event that is missing: {@code to}, or with the reason {@code
 *     channel_retention} perhaps a later one; what is left between the two follows
 */
public record Gap(String from, String to, String reason, String through) implements Delivery {
  /**
   * A hole that nothing is left of.
   *
   * @param from the position after which events are missing
   * @param to delivery goes on after this position
   * @param reason the hub's code
   */
  public Gap(String from, String to, String reason) {
    this(from, to, reason, to);
  }

  /** Checks that the hole has an end to go on from. */
  public Gap {
    requireNonNull(from, "from");
    Names.position(to);
    requireNonNull(reason, "reason");
    Names.position(through);
  }

  @Override
  public void deliverTo(SubscriptionListener listener) throws Exception {
    listener.onGap(this);
  }
}
