package dev.reactorhub.client;

/**
 * Everything that matches and was stored up to a position has been delivered; what follows is live.
 *
 * @param position that position
 */
public record CaughtUp(String position) implements Delivery {
  /** Checks the position. */
  public CaughtUp {
    Names.position(position);
  }

  @Override
  public void deliverTo(SubscriptionListener listener) throws Exception {
    listener.onCaughtUp(this);
  }
}
