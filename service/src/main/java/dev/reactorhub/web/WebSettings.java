package dev.reactorhub.web;

import dev.reactorhub.web.ws.WsSettings;
import dev.reactorhub.wire.WireLimits;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the HTTP face obeys.
 *
 * @param host the address to bind
 * @param port 0: any free one
 * @param greeting the message of the first frame
 * @param heartbeat a session that was sent nothing for this long is told its position
 * @param allowedOrigins origins that may use the hub besides its own, for example {@code
 *     https://app.example.org}; {@code *} allows every origin
 * @param publishRateMax events per second that one WebSocket session may publish
 * @param connectionsMax open TCP connections, HTTP and WebSocket together; others wait in the
 *     kernel's queue until one ends
 * @param limits what one client may send
 * @param ws the WebSocket connection's own bounds
 */
public record WebSettings(
    String host,
    int port,
    String greeting,
    Duration heartbeat,
    List<String> allowedOrigins,
    int publishRateMax,
    int connectionsMax,
    WireLimits limits,
    WsSettings ws) {
  /** Copies the list. */
  public WebSettings {
    allowedOrigins = List.copyOf(allowedOrigins);
    if (port < 0 || port > 65_535 || publishRateMax < 1 || connectionsMax < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "port is %d, publish rate %d, connections %d: must be 0 to 65535, 1 or more, 1 or"
                  + " more",
              port,
              publishRateMax,
              connectionsMax));
    }
  }

  /** The same with another bound of connections. */
  public WebSettings withConnectionsMax(int connections) {
    return new WebSettings(
        host, port, greeting, heartbeat, allowedOrigins, publishRateMax, connections, limits, ws);
  }
}
