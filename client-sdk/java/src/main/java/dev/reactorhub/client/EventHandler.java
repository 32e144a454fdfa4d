package dev.reactorhub.client;

/** Handles the events of one type; see {@link ReactorClient#on(String, EventHandler)}. */
@FunctionalInterface
public interface EventHandler {
  /**
   * Handles one event. Called in log order, one event at a time, on the thread of the client's
   * shared subscription: while it runs no other handler is called. What it throws is logged and
   * harms nobody else.
   *
   * @param event the event
   * @throws Exception if it could not be handled
   */
  void handle(Event event) throws Exception;
}
