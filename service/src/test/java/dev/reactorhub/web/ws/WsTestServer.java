package dev.reactorhub.web.ws;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.Http1ConnectionSelectorConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import java.util.function.Supplier;

/** A Helidon server on a free port of 127.0.0.1 with one WebSocket route, {@code /ws}. */
final class WsTestServer implements AutoCloseable {
  private final WsConnections connections;
  private final WebServer server;

  WsTestServer(WsConnections connections, HandshakePolicy policy, Supplier<WsListener> listener) {
    this.connections = connections;
    Http1ConnectionSelectorConfig.Builder http1 =
        Http1ConnectionSelector.builder().config(Http1Config.create());
    connections.upgraders(policy).forEach(http1::addUpgrader);
    this.server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .connectionOptions(connections.socketOptions())
            .addConnectionSelector(http1.build())
            .addRouting(WsRouting.builder().endpoint("/ws", listener))
            .build()
            .start();
  }

  int port() {
    return server.port();
  }

  WsConnections connections() {
    return connections;
  }

  @Override
  public void close() {
    server.stop();
    connections.close();
  }
}
