package dev.reactorhub.client;

import java.lang.System.Logger.Level;

/**
 * Hears what a subscription delivers. All methods are called on the subscription's one thread, in
 * order, one at a time; the next call waits for this one to return, and the hub is asked for no
 * more meanwhile. What a method throws is logged; delivery goes on with the next event.
 */
@FunctionalInterface
public interface SubscriptionListener {
  /**
   * An event that matches the filter.
   *
   * @param event the event
   * @throws Exception if it could not be handled
   */
  void onEvent(Event event) throws Exception;

  /**
   * Events cannot be delivered. Logs a warning unless overridden, so that no hole goes unnoticed.
   *
   * @param gap the hole
   * @throws Exception if it could not be handled
   */
  default void onGap(Gap gap) throws Exception {
    Logging.LOG.log(
        Level.WARNING,
        "subscription gap from={0} to={1} reason={2}",
        gap.from(),
        gap.to(),
        gap.reason());
  }

  /**
   * What follows is live. Told once per catching up.
   *
   * @param caughtUp up to where
   * @throws Exception if it could not be handled
   */
  default void onCaughtUp(CaughtUp caughtUp) throws Exception {}

  /**
   * This listener is slower than the events.
   *
   * @param lagging how far behind it is
   * @throws Exception if it could not be handled
   */
  default void onLagging(Lagging lagging) throws Exception {}

  /**
   * The subscription is in place, for the first time or again.
   *
   * @param connected where it begins
   * @throws Exception if it could not be handled
   */
  default void onConnected(Connected connected) throws Exception {}

  /**
   * The subscription is interrupted and will reconnect.
   *
   * @param disconnected why, and when it tries again
   * @throws Exception if it could not be handled
   */
  default void onDisconnected(Disconnected disconnected) throws Exception {}

  /**
   * The subscription has ended for good, because trying again would not help. The last call. Logs
   * an error unless overridden. Closing the subscription is not told.
   *
   * @param failure why
   * @throws Exception if it could not be handled
   */
  default void onFailed(ReactorException failure) throws Exception {
    Logging.LOG.log(Level.ERROR, "subscription failed code=" + failure.code(), failure);
  }
}
