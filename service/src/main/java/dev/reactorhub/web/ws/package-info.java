/**
 * A strict RFC 6455 server connection under Helidon's WebSocket routing, listener API and HTTP/1.1
 * upgrade SPI.
 *
 * <p>Open {@link dev.reactorhub.web.ws.WsConnections} first: it owns the upgraders, the socket
 * options and the one thread that watches deadlines. Each connection reads on the virtual thread
 * that Helidon gives it and may be written from any thread. May depend on Helidon and the JDK only.
 */
@NullMarked
package dev.reactorhub.web.ws;

import org.jspecify.annotations.NullMarked;
