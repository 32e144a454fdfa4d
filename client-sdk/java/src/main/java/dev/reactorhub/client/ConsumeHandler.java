package dev.reactorhub.client;

import java.lang.System.Logger.Level;

/**
 * Deals with the events of a {@link Consumer}, on threads of the client: one at a time for each
 * channel (of an exclusive consumer: one at a time), at most {@link
 * ConsumerSpec.Builder#concurrency} in all. It may block.
 */
@FunctionalInterface
public interface ConsumeHandler {
  /**
   * Deals with one event. When it returns the event is acknowledged: the hub does not give it out
   * again. When it throws the event is rejected: it comes again after a delay, and with it what
   * follows on its channel; after the last attempt the hub puts it on the dead letter channel.
   *
   * <p>At least once: the same event may come again, after a crash for example.
   *
   * @param event the event
   * @throws RejectedEventException if it could not be dealt with, and to say when to try again
   * @throws Exception if it could not be dealt with; when it comes again follows from {@link
   *     ConsumerSpec.Builder#rejectDelay}. The hub is told what it says
   */
  void handle(ConsumedEvent event) throws Exception;

  /**
   * Events that the consumer wants cannot be delivered. Logs a warning unless overridden, so that
   * no hole goes unnoticed. Delivery waits for it.
   *
   * @param gap the hole; told again after a reconnection, until an event after it is acknowledged
   * @throws Exception is logged
   */
  default void onGap(Gap gap) throws Exception {
    Logging.LOG.log(
        Level.WARNING,
        "consumer gap from={0} to={1} reason={2}",
        gap.from(),
        gap.to(),
        gap.reason());
  }
}
