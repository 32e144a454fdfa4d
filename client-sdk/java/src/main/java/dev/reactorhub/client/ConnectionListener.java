package dev.reactorhub.client;

/**
 * Hears how the connections of a client come and go; see {@link
 * ReactorClientBuilder#connectionListener}. For people who watch: what a subscription delivers and
 * whether an event was stored is told where it is asked for.
 */
@FunctionalInterface
public interface ConnectionListener {
  /**
   * The connection to an endpoint has changed. Called in order, one call at a time, on threads of
   * the client; it must not block. States that pass quickly may be left out. What it throws is
   * logged.
   *
   * @param endpoint as it was given to the builder
   * @param state how the connection stands now
   */
  void onState(String endpoint, ConnectionState state);
}
