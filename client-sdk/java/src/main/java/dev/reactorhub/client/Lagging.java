package dev.reactorhub.client;

/**
 * This subscriber handles events more slowly than they arrive; the hub serves it from the log now.
 * Nothing is lost.
 *
 * @param position the newest position delivered to this subscriber
 * @param head the newest position of the log
 */
public record Lagging(String position, String head) implements Delivery {
  /** Checks the positions. */
  public Lagging {
    Names.position(position);
    Names.position(head);
  }

  @Override
  public void deliverTo(SubscriptionListener listener) throws Exception {
    listener.onLagging(this);
  }
}
