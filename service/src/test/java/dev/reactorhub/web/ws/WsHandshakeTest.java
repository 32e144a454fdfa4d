package dev.reactorhub.web.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsUpgradeException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WsHandshakeTest {
  private final AtomicInteger leasesEnded = new AtomicInteger();
  private final AtomicReference<HandshakePolicy> policy =
      new AtomicReference<>(
          handshake -> HandshakeDecision.accept("", leasesEnded::incrementAndGet));
  private final AtomicReference<WsListener> listener = new AtomicReference<>(new EchoListener());
  private final WsTestServer server =
      new WsTestServer(
          WsConnections.start(WsSettings.defaults()),
          handshake -> policy.get().judge(handshake),
          listener::get);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theAnswerProvesTheKeyAndNegotiatesNothingUnasked() throws Exception {
    RawClient.Response answer =
        ask(
            RawClient.head(
                "/ws",
                "Sec-WebSocket-Extensions: permessage-deflate",
                "Sec-WebSocket-Protocol: chat"));
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.headers())
        .containsExactlyInAnyOrder(
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }

  @ParameterizedTest
  @CsvSource({"websocket", "WebSocket"})
  void bothSpellingsOfTheUpgradeAreServed(String spelling) throws Exception {
    assertThat(ask(RawClient.head("/ws").replace("Upgrade: websocket", "Upgrade: " + spelling)))
        .extracting(RawClient.Response::status)
        .isEqualTo(101);
  }

  @ParameterizedTest(name = "{3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/ws HTTP|/other HTTP|404|There is no WebSocket here",
        "GET|POST|405|A WebSocket handshake must be a GET request",
        "keep-alive, Upgrade|keep-alive|400|needs the header Connection: Upgrade",
        "Sec-WebSocket-Key|X-Key|400|needs one Sec-WebSocket-Key of 16 bytes in base64",
        "dGhlIHNhbXBsZSBub25jZQ==|dGhl|400|needs one Sec-WebSocket-Key of 16 bytes in base64",
        "dGhlIHNhbXBsZSBub25jZQ==|?Gh?IHNhbXBsZSBub25jZQ==|400|needs one Sec-WebSocket-Key",
        "Version: 13|Version: 8|426|needs the header Sec-WebSocket-Version: 13"
      })
  void aFaultyHandshakeIsRefusedWithAReason(String part, String instead, int status, String reason)
      throws Exception {
    RawClient.Response answer = ask(RawClient.head("/ws").replace(part, instead));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).contains(reason);
    if (status == 426) {
      assertThat(answer.headers()).contains("Sec-WebSocket-Version: 13");
    }
    assertThat(leasesEnded).hasValue(0);
  }

  @Test
  void thePolicySeesTheRequestAndMayRefuseItInItsOwnWords() throws Exception {
    AtomicReference<String> seen = new AtomicReference<>("");
    policy.set(
        handshake -> {
          seen.set(
              handshake.prologue().uriPath().path()
                  + " "
                  + handshake.prologue().query().rawValue()
                  + " "
                  + handshake.headers().get(HeaderNames.ORIGIN).get()
                  + " "
                  + handshake.remoteHost());
          return new HandshakeDecision.Refused(
              403, Map.of("Retry-After", "7"), "application/problem+json", "{\"title\":\"no\"}");
        });
    RawClient.Response answer =
        ask(RawClient.head("/ws?channels=a%2Cb", "Origin: https://elsewhere.example"));
    assertThat(seen).hasValue("/ws channels=a%2Cb https://elsewhere.example 127.0.0.1");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.headers())
        .contains("Content-Type: application/problem+json", "Retry-After: 7");
    assertThat(answer.body()).isEqualTo("{\"title\":\"no\"}");
  }

  @Test
  void aPolicyThatThrowsIsAnsweredWith500() throws Exception {
    policy.set(
        handshake -> {
          throw new IllegalStateException("as told");
        });
    assertThat(ask(RawClient.head("/ws")).status()).isEqualTo(500);
  }

  @Test
  void theListenerMayChooseAnOfferedSubprotocol() throws Exception {
    listener.set(new ChoosingListener("chat.v2"));
    RawClient.Response answer =
        ask(RawClient.head("/ws", "Sec-WebSocket-Protocol: chat.v1, chat.v2"));
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.headers()).contains("Sec-WebSocket-Protocol: chat.v2");
  }

  @Test
  void aSubprotocolThatWasNotOfferedIsNotAnnounced() throws Exception {
    listener.set(new ChoosingListener("chat.v2"));
    assertThat(ask(RawClient.head("/ws")).status()).isEqualTo(500);
    assertThat(leasesEnded).hasValue(1);
  }

  @Test
  void aListenerThatRefusesReleasesWhatThePolicyGranted() throws Exception {
    listener.set(
        new WsListener() {
          @Override
          public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers)
              throws WsUpgradeException {
            throw new WsUpgradeException("not today");
          }
        });
    RawClient.Response answer = ask(RawClient.head("/ws"));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).isEqualTo("not today");
    assertThat(leasesEnded).hasValue(1);
  }

  @Test
  void theGrantEndsOnceWithTheConnection() throws Exception {
    try (RawClient client = RawClient.open(server.port())) {
      client.sendText("hello");
      assertThat(client.readFrame().payload()).isEqualTo("hello".getBytes(UTF_8));
      assertThat(leasesEnded).hasValue(0);
    }
    await().until(() -> leasesEnded.get() == 1);
  }

  private RawClient.Response ask(String head) throws IOException {
    try (RawClient client = RawClient.connect(server.port())) {
      client.send(head);
      return client.readResponse();
    }
  }

  private record ChoosingListener(String subprotocol) implements WsListener {
    @Override
    public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) {
      return Optional.of(
          WritableHeaders.create().add(HeaderNames.create("Sec-WebSocket-Protocol"), subprotocol));
    }
  }
}
