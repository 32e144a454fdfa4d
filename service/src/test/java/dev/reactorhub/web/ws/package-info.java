/** Tests of the WebSocket connection, by a raw socket and by the Autobahn suite. */
@NullMarked
package dev.reactorhub.web.ws;

import org.jspecify.annotations.NullMarked;
