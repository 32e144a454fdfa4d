package dev.reactorhub.web.ws;

/**
 * Accepts or refuses an opening handshake before the answer 101: origin, credentials, limits.
 *
 * <p>Called on the connection's virtual thread and may block. An exception becomes status 500.
 */
@FunctionalInterface
public interface HandshakePolicy {

  /** Judges one handshake; called once for each. */
  HandshakeDecision judge(Handshake handshake);
}
