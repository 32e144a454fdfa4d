package dev.reactorhub.client;

/**
 * One thing a subscription has to tell, in the order in which it came about: an event, or something
 * about the delivery of events.
 */
public sealed interface Delivery permits Event, Gap, CaughtUp, Lagging, Connected, Disconnected {

  /**
   * Calls the method of the listener that is meant for this kind of delivery.
   *
   * @param listener whom to tell
   * @throws Exception what the listener throws
   */
  void deliverTo(SubscriptionListener listener) throws Exception;
}
