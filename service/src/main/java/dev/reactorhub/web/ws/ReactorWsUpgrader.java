package dev.reactorhub.web.ws;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.NotFoundException;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.websocket.WsRoute;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.webserver.websocket.WsUpgrader;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsUpgradeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Answers the opening handshake (RFC 6455 section 4.2) for routes of Helidon's {@link WsRouting}.
 *
 * <p>The order: route (404), method (405), HTTP version, {@code Connection} and key (400),
 * WebSocket version (426), the {@link HandshakePolicy}, the listener's {@code onHttpUpgrade} (403
 * if it throws), then 101. Extensions are not negotiated; a subprotocol only if the listener's
 * headers name one that the client offered. Stateless; each call on its connection's thread.
 */
final class ReactorWsUpgrader implements Http1Upgrader {
  private static final System.Logger LOGGER = System.getLogger(ReactorWsUpgrader.class.getName());
  private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String VERSION = "13";

  private final String spelling;
  private final WsConnections connections;
  private final HandshakePolicy policy;

  /**
   * @param spelling the value of {@code Upgrade} to react to: Helidon compares it case-sensitively
   */
  ReactorWsUpgrader(String spelling, WsConnections connections, HandshakePolicy policy) {
    this.spelling = spelling;
    this.connections = connections;
    this.policy = policy;
  }

  @Override
  public String supportedProtocol() {
    return spelling;
  }

  @Override
  public ServerConnection upgrade(
      ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
    try {
      return accept(context, prologue, headers);
    } catch (HandshakeRefusal e) {
      e.writeTo(context.dataWriter());
      throw new CloseConnectionException("The WebSocket handshake was refused", e);
    }
  }

  private WsConnection accept(ConnectionContext context, HttpPrologue prologue, Headers headers) {
    WsRoute route = route(context, prologue);
    checkRequest(prologue, headers);
    String key = key(headers);
    HandshakeDecision.Accepted accepted =
        accepted(policy.judge(new Handshake(prologue, headers, remoteHost(context))));
    boolean opened = false;
    try {
      WsListener listener = route.listener();
      Optional<Headers> added = added(listener, prologue, headers);
      context.dataWriter().flush();
      Transport transport = transport(context);
      Optional<String> subprotocol = added.flatMap(h -> h.first(WsUpgrader.PROTOCOL));
      WsConnection connection =
          new WsConnection(
              connections,
              new WsConnection.Opening(context, listener, subprotocol, accepted),
              transport);
      answer(transport, key, added);
      opened = true;
      return connection;
    } finally {
      if (!opened) {
        accepted.ended().run();
      }
    }
  }

  private Transport transport(ConnectionContext context) {
    try {
      return Transport.of(
          context.serverSocket(),
          connections.channels().take(context.localPeer(), context.remotePeer()),
          connections.readiness());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WsRoute route(ConnectionContext context, HttpPrologue prologue) {
    try {
      return context.router().routing(WsRouting.class, WsRouting.empty()).findRoute(prologue);
    } catch (NotFoundException e) {
      throw new HandshakeRefusal(404, "There is no WebSocket here");
    }
  }

  private static void checkRequest(HttpPrologue prologue, Headers headers) {
    if (!prologue.method().equals(Method.GET)) {
      throw new HandshakeRefusal(
          405, "A WebSocket handshake must be a GET request", Map.of("Allow", "GET"));
    }
    if (!prologue.protocolVersion().equals("1.1")) {
      throw new HandshakeRefusal(400, "A WebSocket handshake needs HTTP/1.1");
    }
    if (!tokens(headers, HeaderNames.CONNECTION).contains("upgrade")) {
      throw new HandshakeRefusal(400, "A WebSocket handshake needs the header Connection: Upgrade");
    }
    if (!values(headers, WsUpgrader.WS_VERSION).equals(List.of(VERSION))) {
      throw new HandshakeRefusal(
          426,
          "A WebSocket handshake needs the header Sec-WebSocket-Version: 13",
          Map.of("Sec-WebSocket-Version", VERSION, "Upgrade", "websocket"));
    }
  }

  private static String key(Headers headers) {
    List<String> keys = values(headers, WsUpgrader.WS_KEY);
    if (keys.size() == 1 && isKey(keys.getFirst().trim())) {
      return keys.getFirst().trim();
    }
    throw new HandshakeRefusal(
        400, "A WebSocket handshake needs one Sec-WebSocket-Key of 16 bytes in base64");
  }

  private static boolean isKey(String key) {
    try {
      // 24 characters: the decoder would let missing padding through.
      return key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static HandshakeDecision.Accepted accepted(HandshakeDecision decision) {
    return switch (decision) {
      case HandshakeDecision.Accepted accepted -> accepted;
      case HandshakeDecision.Refused refused -> throw new HandshakeRefusal(refused);
    };
  }

  private static Optional<Headers> added(
      WsListener listener, HttpPrologue prologue, Headers headers) {
    Optional<Headers> added;
    try {
      added = listener.onHttpUpgrade(prologue, headers);
    } catch (WsUpgradeException e) {
      throw new HandshakeRefusal(403, String.valueOf(e.getMessage()));
    }
    added
        .flatMap(h -> h.first(WsUpgrader.PROTOCOL))
        .ifPresent(
            chosen -> {
              if (!offered(headers).contains(chosen)) {
                throw new IllegalStateException(
                    "subprotocol is " + chosen + ": must be one that the client offered");
              }
            });
    return added;
  }

  private static void answer(Transport transport, String key, Optional<Headers> added) {
    StringBuilder head =
        new StringBuilder(256)
            .append("HTTP/1.1 101 Switching Protocols\r\n")
            .append("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ")
            .append(acceptKey(key))
            .append("\r\n");
    added.ifPresent(
        headers -> {
          for (Header header : headers) {
            for (String value : header.allValues()) {
              head.append(header.name()).append(": ").append(value).append("\r\n");
            }
          }
        });
    ByteBuffer[] bytes = {StandardCharsets.ISO_8859_1.encode(head.append("\r\n").toString())};
    try {
      while (bytes[0].hasRemaining()) {
        transport.write(bytes, 0, 1);
      }
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.TRACE, "ws_handshake_unanswered", e);
      throw new UncheckedIOException(e);
    }
  }

  private static String acceptKey(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  private static String remoteHost(ConnectionContext context) {
    return context
        .proxyProtocolData()
        .map(ProxyProtocolData::sourceAddress)
        .filter(source -> !source.isEmpty())
        .orElseGet(() -> context.remotePeer().host());
  }

  private static List<String> offered(Headers headers) {
    return values(headers, WsUpgrader.PROTOCOL).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::trim)
        .toList();
  }

  private static List<String> tokens(Headers headers, HeaderName name) {
    return values(headers, name).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(value -> value.trim().toLowerCase(Locale.ROOT))
        .toList();
  }

  private static List<String> values(Headers headers, HeaderName name) {
    return headers.contains(name) ? headers.get(name).allValues() : List.of();
  }
}
