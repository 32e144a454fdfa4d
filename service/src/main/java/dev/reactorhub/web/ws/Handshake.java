package dev.reactorhub.web.ws;

import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;

/**
 * An opening handshake that is well-formed and has a route, before the answer 101.
 *
 * @param prologue method, path and raw query ({@code prologue.query().rawValue()})
 * @param headers the request headers, read-only by convention
 * @param remoteHost the peer's address without port: from the PROXY protocol if the listener uses
 *     it, else of the socket; forwarding headers are the policy's to judge
 */
public record Handshake(HttpPrologue prologue, Headers headers, String remoteHost) {}
